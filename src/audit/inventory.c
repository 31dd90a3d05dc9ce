/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/inventory.h"

#include <stdlib.h>
#include <string.h>

static int compare_path(const void *path, const void *file)
{
    return strcmp(path, ((const tlsdiag_file_t *)file)->path);
}

const tlsdiag_file_t *tlsdiag_inventory_file(const tlsdiag_inventory_t *inventory, const char *path)
{
    return path == NULL || inventory->files_count == 0
               ? NULL
               : bsearch(path, inventory->files, inventory->files_count, sizeof *inventory->files, compare_path);
}

/* The next blank-separated word of *text, or false. */
static bool next_word(const char **text, const char **word, size_t *length)
{
    *word = *text + strspn(*text, " \t");
    *length = strcspn(*word, " \t");
    *text = *word + *length;
    return *length > 0;
}

/* `_default_` is an older way to write `*` (httpd's vhost.c). */
static bool same_address(const char *a, size_t a_length, const char *b, size_t b_length)
{
    static const char old_star[] = "_default_";
    size_t prefix = sizeof old_star - 1;
    bool a_star = strncmp(a, old_star, prefix) == 0, b_star = strncmp(b, old_star, prefix) == 0;
    if (a_star != b_star) {
        const char *rest = a_star ? a + prefix : b + prefix, *star = a_star ? b : a;
        size_t rest_length = (a_star ? a_length : b_length) - prefix, star_length = a_star ? b_length : a_length;
        return *star == '*' && star_length - 1 == rest_length && memcmp(star + 1, rest, rest_length) == 0;
    }
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static const tlsdiag_posture_t *first_of(const tlsdiag_posture_t *vhost)
{
    return vhost->first_vhost ? vhost->first_vhost : vhost;
}

/* httpd resolved the first address of each; the words tell of the others. */
bool tlsdiag_vhosts_share_address(const tlsdiag_posture_t *a, const tlsdiag_posture_t *b)
{
    if (first_of(a) == first_of(b)) {
        return true;
    }
    const char *left = a->addresses ? a->addresses : "", *word;
    size_t length;
    while (next_word(&left, &word, &length)) {
        const char *right = b->addresses ? b->addresses : "", *other;
        size_t other_length;
        while (next_word(&right, &other, &other_length)) {
            if (same_address(word, length, other, other_length)) {
                return true;
            }
        }
    }
    return false;
}

static bool same_codes(tlsdiag_code_list_t a, tlsdiag_code_list_t b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.codes, b.codes, a.count * sizeof a.codes[0]) == 0);
}

static bool same_texts(tlsdiag_text_list_t a, tlsdiag_text_list_t b)
{
    bool same = a.count == b.count;
    for (uint16_t i = 0; same && i < a.count; i++) {
        same = strcmp(a.items[i], b.items[i]) == 0;
    }
    return same;
}

static bool same_kind(const tlsdiag_certificate_t *a, const tlsdiag_certificate_t *b)
{
    return a->key_type == b->key_type && a->key_bits == b->key_bits && a->key_group == b->key_group &&
           a->signature_hash == b->signature_hash;
}

/* The whole chain counts: clients name the signature algorithms they take in it. */
static bool same_chains(const tlsdiag_posture_t *a, const tlsdiag_posture_t *b)
{
    bool same = a->chains_count == b->chains_count;
    for (uint8_t c = 0; same && c < a->chains_count; c++) {
        same = a->chains[c].count == b->chains[c].count;
        for (uint16_t i = 0; same && i < a->chains[c].count; i++) {
            same = same_kind(&a->chains[c].certificates[i], &b->chains[c].certificates[i]);
        }
    }
    return same;
}

bool tlsdiag_vhosts_negotiate_alike(const tlsdiag_posture_t *a, const tlsdiag_posture_t *b)
{
    return a->versions == b->versions && a->versions_configured == b->versions_configured &&
           a->security_level == b->security_level && a->server_preference == b->server_preference &&
           a->dh_bits == b->dh_bits && a->verify_client == b->verify_client &&
           same_codes(a->cipher_suites, b->cipher_suites) && same_codes(a->groups, b->groups) &&
           same_codes(a->signature_algorithms, b->signature_algorithms) && same_texts(a->alpn, b->alpn) &&
           same_chains(a, b);
}
