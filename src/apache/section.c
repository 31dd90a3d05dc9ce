/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/section.h"

#include "apr_strings.h"

#include "apache/config.h"

typedef struct section {
    bool restricts;    /* a Require other than `all granted` stands here */
    bool grants;       /* `Require all granted` stands here */
    bool sets_handler; /* `SetHandler tlsdiag-status` stands here */
    bool decided;      /* ... in the section whose Requires apply: restricts, or grants beside the handler */
    const char *page;  /* path of the <Location> that sets the handler; NULL: none does */
} section_t;

void *tlsdiag_section_create(apr_pool_t *pool, char *path)
{
    (void)path;
    return apr_pcalloc(pool, sizeof(section_t));
}

static bool is_decided(const section_t *section)
{
    return section->decided || section->restricts || (section->grants && section->sets_handler);
}

/* As mod_authz_core merges by default (AuthMerging Off): the inner section's Requires replace the outer one's. */
void *tlsdiag_section_merge(apr_pool_t *pool, void *outer_section, void *inner_section)
{
    static section_t without_page[] = { { .decided = false }, { .decided = true } };
    const section_t *outer = outer_section, *inner = inner_section;
    bool decided = is_decided(inner->restricts || inner->grants || inner->decided ? inner : outer);
    const char *page = inner->page ? inner->page : outer->page;

    if (!page) {
        return &without_page[decided]; /* nearly always, and for each request: nobody writes to what was merged */
    }
    section_t *merged = apr_pcalloc(pool, sizeof *merged);
    merged->decided = decided;
    merged->page = page;
    return merged;
}

static bool is_all_granted(const char *arguments, apr_pool_t *pool)
{
    const char *provider = ap_getword_conf(pool, &arguments);
    const char *what = ap_getword_conf(pool, &arguments);

    return !ap_cstr_casecmp(provider, "all") && !ap_cstr_casecmp(what, "granted");
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
    if (is_all_granted(arguments, command->temp_pool)) {
        section->grants = true;
    } else {
        section->restricts = true;
    }
    return NULL;
}

const char *tlsdiag_note_handler(cmd_parms *command, void *opaque, const char *arguments)
{
    section_t *section = opaque;

    if (!strcmp(ap_getword_conf(command->temp_pool, &arguments), "tlsdiag-status") &&
        !ap_check_cmd_context(command, NOT_IN_HTACCESS)) {
        section->sets_handler = true;
        section->page = command->path;
    }
    return NULL;
}

int tlsdiag_access_was_decided(const request_rec *r)
{
    const section_t *section = ap_get_module_config(r->per_dir_config, &tlsdiag_module);

    return tlsdiag_config_of(r->server)->status_public == 1 || (section && is_decided(section));
}

/* Bytes of the <Location>'s path if the URI lies in it; 0: it does not, or the path is a pattern. */
static size_t location_length(const char *page, const char *uri)
{
    size_t length = page ? strlen(page) : 0;

    while (length > 0 && page[length - 1] == '/') {
        length--;
    }
    return length && !strncmp(uri, page, length) && (uri[length] == '/' || !uri[length]) ? length : 0;
}

const char *tlsdiag_page_path(const request_rec *r, const char **rest)
{
    const section_t *section = ap_get_module_config(r->per_dir_config, &tlsdiag_module);
    size_t uri = strlen(r->uri), info = r->path_info ? strlen(r->path_info) : 0;
    size_t length = section ? location_length(section->page, r->uri) : 0;

    if (!length) {
        length = info <= uri && info && !strcmp(r->uri + uri - info, r->path_info) ? uri - info : uri;
    }
    *rest = r->uri + length;
    return apr_pstrmemdup(r->pool, r->uri, length);
}
