/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the list of audit checks for README.md, in Markdown. t/document/update puts it between its marks. */
#include <stdio.h>

#include "audit/findings.h"

int main(void)
{
    tlsdiag_check_text_t check;
    printf("| Check | Severity | What it finds | Rests on |\n|---|---|---|---|\n");
    for (uint16_t i = 0; tlsdiag_check_get(&check, i); i++) {
        printf("| `%s` | %s | %s | %s |\n", check.id, tlsdiag_severity_name(check.severity), check.what, check.source);
    }
    return 0;
}
