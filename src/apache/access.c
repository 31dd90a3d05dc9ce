/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/access.h"

#include "apr_strings.h"

#include "apache/config.h"

/* In the order of weight: the weightiest of a section is kept. */
typedef enum {
    NOTHING,        /* no Require here */
    GRANTED_TO_ALL, /* only `Require all granted`, meant for something else */
    DECIDED         /* a Require that restricts, or one that stands beside the handler */
} decision_t;

typedef struct section {
    decision_t decision;
} section_t;

void *tlsdiag_section_create(apr_pool_t *pool, char *section)
{
    (void)section;
    return apr_pcalloc(pool, sizeof(section_t));
}

/* As mod_authz_core merges by default (AuthMerging Off): the inner section's Requires replace the outer one's. */
void *tlsdiag_section_merge(apr_pool_t *pool, void *outer, void *inner)
{
    const section_t *chosen = ((section_t *)inner)->decision == NOTHING ? outer : inner;

    return apr_pmemdup(pool, chosen, sizeof *chosen);
}

static bool is_all_granted(const char *arguments, apr_pool_t *pool)
{
    const char *provider = ap_getword_conf(pool, &arguments);
    const char *what = ap_getword_conf(pool, &arguments);

    return !ap_cstr_casecmp(provider, "all") && !ap_cstr_casecmp(what, "granted");
}

static bool is_require_block(const ap_directive_t *directive)
{
    return !ap_cstr_casecmpn(directive->directive, "<Require", sizeof "<Require" - 1);
}

/* Does `SetHandler tlsdiag-status` stand in the same section? */
static bool stands_beside_handler(const cmd_parms *command)
{
    const ap_directive_t *section = command->directive ? command->directive->parent : NULL;

    while (section && is_require_block(section)) {
        section = section->parent;
    }
    for (const ap_directive_t *sibling = section ? section->first_child : NULL; sibling; sibling = sibling->next) {
        const char *arguments = sibling->args;
        if (!ap_cstr_casecmp(sibling->directive, "SetHandler") &&
            !strcmp(ap_getword_conf(command->temp_pool, &arguments), "tlsdiag-status")) {
            return true;
        }
    }
    return false;
}

const char *tlsdiag_note_require(cmd_parms *command, void *opaque, const char *arguments)
{
    section_t *section = opaque;

    /* Without mod_authz_core nobody would enforce it, and httpd must refuse it as it did before we named it. */
    if (!ap_find_linked_module("mod_authz_core.c")) {
        return "Require is a directive of mod_authz_core, which is not loaded";
    }
    if (ap_check_cmd_context(command, NOT_IN_HTACCESS)) {
        return NULL;
    }
    decision_t decision =
        is_all_granted(arguments, command->temp_pool) && !stands_beside_handler(command) ? GRANTED_TO_ALL : DECIDED;
    section->decision = decision > section->decision ? decision : section->decision;
    return NULL;
}

int tlsdiag_access_was_decided(const request_rec *r)
{
    const section_t *section = ap_get_module_config(r->per_dir_config, &tlsdiag_module);

    return tlsdiag_config_of(r->server)->status_public == 1 || (section && section->decision == DECIDED);
}
