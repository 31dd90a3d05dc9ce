/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files a vhost is set up from, as far as its SSL_CTX does not tell of them. Runs as root, before children are made.
 */
#include "apache/vhost_posture_parts.h"

#include "apr_file_info.h"
#include "apr_lib.h"
#include "apr_strings.h"
#include "collect/certificate_file.h"

enum { HASH_DIGITS = 8 /* of the file names that `openssl rehash` makes: 9d66eef0.0, 9d66eef0.r0 */ };

/* What many vhosts ask of the same path is found out once. */
typedef struct looked_at {
    uint16_t dh_bits;
    uint32_t hashed_certificates, hashed_crls;
    int64_t crl_next_update;
} looked_at_t;

/* A key in a hardware module is no file: mod_ssl's modssl_is_engine_id(). */
static bool is_file(const char *path)
{
    return strncasecmp(path, "pkcs11:", 7) != 0;
}

static const char *absolute(const tlsdiag_making_t *making, const char *path)
{
    return path && is_file(path) ? ap_server_root_relative(making->pool, path) : path;
}

static const char *find_path(const tlsdiag_making_t *making, tlsdiag_setting_t setting)
{
    return absolute(making, tlsdiag_section_find(making->section, setting).text);
}

/* The nth file as mod_ssl merges the lists: the main server's count where the vhost has fewer. */
static const char *nth(tlsdiag_values_t own, tlsdiag_values_t base, int n)
{
    return n < own.count ? own.items[n] : n < base.count ? base.items[n] : NULL;
}

static int longer(tlsdiag_values_t own, tlsdiag_values_t base)
{
    return own.count > base.count ? own.count : base.count;
}

static const char *nth_certificate_file(const tlsdiag_making_t *making, int n)
{
    return absolute(making, nth(tlsdiag_section_certificate_files(making->section),
                                tlsdiag_section_certificate_files(tlsdiag_section_base(making->section)), n));
}

static const char *nth_key_file(const tlsdiag_making_t *making, int n)
{
    return absolute(making, nth(tlsdiag_section_key_files(making->section),
                                tlsdiag_section_key_files(tlsdiag_section_base(making->section)), n));
}

static int count_certificate_files(const tlsdiag_making_t *making)
{
    return longer(tlsdiag_section_certificate_files(making->section),
                  tlsdiag_section_certificate_files(tlsdiag_section_base(making->section)));
}

static bool holds(const char *path, const tlsdiag_chain_t *chain)
{
    tlsdiag_certificate_file_t file;
    return is_file(path) && tlsdiag_certificate_file_read(&file, path) && file.has_certificate &&
           !memcmp(file.sha256, chain->certificates[0].sha256, sizeof file.sha256);
}

/* Which SSLCertificateFile a chain came from. With one of each there is no question; of two with the same kind of key the
 * later one stands in the SSL_CTX. mod_md adds files of its own, which are not found here. */
static int file_of(const tlsdiag_making_t *making, const tlsdiag_chain_t *chain)
{
    int files = count_certificate_files(making);
    if (files == 1 && making->posture->chains_count == 1) {
        return 0;
    }
    for (int n = files - 1; n >= 0; n--) {
        if (holds(nth_certificate_file(making, n), chain)) {
            return n;
        }
    }
    return -1;
}

static void add_chain_files(const tlsdiag_making_t *making)
{
    tlsdiag_chain_t *chains = (tlsdiag_chain_t *)making->posture->chains; /* nobody reads them yet */
    const char *chain_file = find_path(making, TLSDIAG_SETTING_CHAIN_FILE);
    for (uint8_t i = 0; i < making->posture->chains_count; i++) {
        int n = file_of(making, &chains[i]);
        if (n >= 0) {
            chains[i].certificate_file = nth_certificate_file(making, n);
            chains[i].key_file = nth_key_file(making, n);
        }
        chains[i].chain_file = chain_file;
    }
}

static looked_at_t *look_at(const tlsdiag_making_t *making, const char *path, bool *is_new)
{
    looked_at_t *found = apr_hash_get(making->files, path, APR_HASH_KEY_STRING);
    *is_new = found == NULL;
    if (!found) {
        found = apr_pcalloc(apr_hash_pool_get(making->files), sizeof *found);
        apr_hash_set(making->files, path, APR_HASH_KEY_STRING, found);
    }
    return found;
}

/* mod_ssl takes them from the first certificate file; an SSLOpenSSLConfCmd comes after that. */
static void add_dh_bits(const tlsdiag_making_t *making)
{
    const char *path = find_path(making, TLSDIAG_SETTING_DH_PARAMETERS);
    bool is_new = false;
    path = path ? path : nth_certificate_file(making, 0);
    if (!path || !is_file(path)) {
        return;
    }
    looked_at_t *file = look_at(making, path, &is_new);
    if (is_new) {
        file->dh_bits = tlsdiag_dh_parameters_bits(path);
    }
    making->posture->dh_bits = file->dh_bits;
}

static bool is_hashed_name(const char *name)
{
    for (int i = 0; i < HASH_DIGITS; i++) {
        if (!apr_isxdigit(name[i])) {
            return false;
        }
    }
    return name[HASH_DIGITS] == '.';
}

static void look_at_entry(looked_at_t *folder, const char *path)
{
    const char *name = apr_filepath_name_get(path);
    if (!is_hashed_name(name)) {
        return;
    }
    if (apr_isdigit(name[HASH_DIGITS + 1])) {
        folder->hashed_certificates++;
    } else if (name[HASH_DIGITS + 1] == 'r') {
        int64_t next = tlsdiag_crl_file_next_update(path);
        folder->hashed_crls++;
        if (next && (!folder->crl_next_update || next < folder->crl_next_update)) {
            folder->crl_next_update = next;
        }
    }
}

/* OpenSSL reads such a folder only when it looks for an issuer, so its store does not hold them yet. */
static const looked_at_t *look_at_folder(const tlsdiag_making_t *making, const char *path)
{
    static const looked_at_t nothing = { .dh_bits = 0 };
    apr_dir_t *folder = NULL;
    apr_finfo_t entry;
    bool is_new = false;
    if (!path) {
        return &nothing;
    }
    looked_at_t *found = look_at(making, path, &is_new);
    apr_pool_t *pool = apr_hash_pool_get(making->files);
    if (!is_new || apr_dir_open(&folder, path, pool) != APR_SUCCESS) {
        return found;
    }
    while (apr_dir_read(&entry, APR_FINFO_NAME, folder) == APR_SUCCESS) {
        look_at_entry(found, apr_pstrcat(pool, path, "/", entry.name, NULL));
    }
    apr_dir_close(folder);
    return found;
}

static void add_folders(const tlsdiag_making_t *making)
{
    tlsdiag_posture_t *posture = making->posture;
    const looked_at_t *authorities = look_at_folder(making, find_path(making, TLSDIAG_SETTING_CA_PATH));
    const looked_at_t *crls = look_at_folder(making, find_path(making, TLSDIAG_SETTING_REVOCATION_PATH));
    posture->trusted_authorities_count += authorities->hashed_certificates;
    posture->crl_loaded |= crls->hashed_crls > 0;
    if (crls->crl_next_update && (!posture->crl_next_update || crls->crl_next_update < posture->crl_next_update)) {
        posture->crl_next_update = crls->crl_next_update;
    }
}

void tlsdiag_posture_add_files(const tlsdiag_making_t *making)
{
    add_chain_files(making);
    add_dh_bits(making);
    add_folders(making);
    making->posture->session_ticket_key_file = find_path(making, TLSDIAG_SETTING_TICKET_KEY_FILE);
}
