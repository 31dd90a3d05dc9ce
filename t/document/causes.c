/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the causes of failed handshakes for README.md, from the table of rules. t/document/update puts it there. */
#include <stdio.h>
#include <string.h>

#include "diagnose/diagnosis.h"

/* A name in braces stands for a fact of one handshake: shown as "...", or as nothing where the sentence can do without. */
static const char *print_name(const char *name)
{
    printf("%s", name[1] == '?' ? "" : "...");
    return strchr(name, '}');
}

/* A bar would end the cell, and so would the end of a line. Braces with a blank or a quote in them are no name. */
static void print_cell(const char *text)
{
    printf(*text ? " " : "");
    for (; *text; text++) {
        if (*text == '{' && text[1 + strcspn(text + 1, " \"}")] == '}') {
            text = print_name(text);
            continue;
        }
        printf(*text == '|' ? "\\%c" : "%c", *text == '\n' ? ' ' : *text);
    }
    printf(" |");
}

int main(void)
{
    printf("| Cause | Who acts | Level | What is said | Advice | Remedy | Rests on |\n|---|---|---|---|---|---|---|\n");
    for (uint16_t rule = 0; rule < tlsdiag_rules_count(); rule++) {
        printf("| `%s` | %s | %s |", tlsdiag_rule_id(rule), tlsdiag_act_name(tlsdiag_rule_act(rule)),
               tlsdiag_level_name(tlsdiag_rule_level(rule)));
        print_cell(tlsdiag_rule_says(rule));
        print_cell(tlsdiag_rule_advice(rule));
        print_cell(tlsdiag_rule_has_remedy(rule) ? "yes" : "");
        print_cell(tlsdiag_rule_source(rule));
        printf("\n");
    }
    return 0;
}
