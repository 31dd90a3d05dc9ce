/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what is sent after the certificate, and of the files it came from. */
#include "healthy.h"

#define CHAIN first_chains[0]
#define LEAF first_ecdsa[0]
#define AUTHORITY first_ecdsa[1]

static void nothing(void)
{
}

static void intermediate_missing(void)
{
    CHAIN.count = 1;
    CHAIN.complete = CHAIN.issuer_sent = CHAIN.root_known = LEAF.links_to_next = false;
    CHAIN.missing_issuer = LEAF.issuer;
    CHAIN.missing_issuer_url = LEAF.issuer_url;
}

static void intermediate_at_hand(void)
{
    intermediate_missing();
    CHAIN.missing_is_intermediate = true;
    CHAIN.missing_found_in = "/etc/tls/rsa.pem";
}

static void root_issued_leaf(void)
{
    intermediate_missing();
    CHAIN.complete = CHAIN.root_known = true;
    CHAIN.missing_issuer = NULL;
}

static void private_root_issued_leaf(void)
{
    intermediate_missing();
    CHAIN.missing_issuer_url = LEAF.issuer_url = NULL;
}

static void chain_to_private_root(void)
{
    CHAIN.complete = CHAIN.root_known = false;
    CHAIN.missing_issuer = AUTHORITY.issuer;
}

static void second_intermediate_missing(void)
{
    chain_to_private_root();
    CHAIN.missing_is_intermediate = true;
    CHAIN.missing_issuer_url = "http://ca.example/root.der";
}

static void wrong_order(void)
{
    CHAIN.wrong_order = true;
}

static void root_sent(void)
{
    CHAIN.root_sent = true;
}

static void unrelated(void)
{
    AUTHORITY.subject = "CN=Somebody else";
}

static void authority_expired(void)
{
    AUTHORITY.not_after = NOW;
}

static void make_root(void)
{
    AUTHORITY.self_issued = AUTHORITY.self_signed = true;
}

static void expired_root(void)
{
    authority_expired();
    make_root();
}

static void authority_20_days(void)
{
    AUTHORITY.not_after = NOW + 20 * DAY;
}

static void authority_40_days(void)
{
    AUTHORITY.not_after = NOW + 40 * DAY;
}

static void authority_sha1(void)
{
    AUTHORITY.signature_hash = TLSDIAG_HASH_SHA1;
}

static void root_sha1(void)
{
    authority_sha1();
    make_root();
}

static void authority_rsa(uint16_t bits)
{
    AUTHORITY.key_type = TLSDIAG_KEY_RSA;
    AUTHORITY.key_group = 0;
    AUTHORITY.key_bits = bits;
}

static void authority_rsa_1024(void)
{
    authority_rsa(1024);
}

static void authority_rsa_2048(void)
{
    authority_rsa(2048);
}

static void authority_is_none(void)
{
    AUTHORITY.is_ca = false;
}

static void unrelated_is_no_authority(void)
{
    authority_is_none();
    unrelated();
}

static void constraints_violated(void)
{
    AUTHORITY.has_name_constraints = AUTHORITY.name_constraints_violated = true;
}

static void constraints_kept(void)
{
    AUTHORITY.has_name_constraints = true;
}

static void large(void)
{
    CHAIN.message_bytes = 16385;
}

static void full_record(void)
{
    CHAIN.message_bytes = 16384;
}

static void renewed_on_disk(void)
{
    files[0].sha256[0] = 77;
    files[0].not_before = NOW - DAY;
    files[0].not_after = NOW + 89 * DAY;
}

static void renewed_after_expiry(void)
{
    renewed_on_disk();
    LEAF.not_after = NOW - 1;
}

static void expired_and_not_renewed(void)
{
    LEAF.not_after = NOW - 1;
}

static void touched(void)
{
    files[0].modified = NOW;
}

static void older_on_disk(void)
{
    files[0].sha256[0] = 77;
    files[0].not_before = LEAF.not_before - DAY;
}

static void gone(void)
{
    files[2].missing = true;
}

static void unwatched(void)
{
    files[2].missing = true;
    files[2].looked_at = false;
}

static void no_longer_pem(void)
{
    files[0].has_certificate = false;
}

static void key_is_no_certificate(void)
{
    files[2].has_certificate = false;
}

static void certificate_unwatched(void)
{
    files[0].watched = false;
}

static void key_unwatched(void)
{
    files[2].watched = false;
}

static void key_0644(void)
{
    files[2].mode = 0644;
}

static void key_0640(void)
{
    files[2].mode = 0640;
}

static void certificate_0666(void)
{
    files[0].mode = 0666;
}

static void certificate_0664(void)
{
    files[0].mode = 0664;
}

static const fault_row_t rows[] = {
    { "audit.chain.incomplete", intermediate_missing, root_issued_leaf,
      "The certificate of CN=Intermediate,O=Example CA" },
    { "audit.chain.incomplete", intermediate_missing, private_root_issued_leaf, NULL },
    { "audit.chain.incomplete", second_intermediate_missing, chain_to_private_root, "The certificate of CN=Root" },
    { "audit.chain.incomplete_here", intermediate_at_hand, intermediate_missing, "/etc/tls/rsa.pem holds it" },
    { "audit.chain.issuer_unknown", private_root_issued_leaf, intermediate_missing, NULL },
    { "audit.chain.issuer_unknown", private_root_issued_leaf, chain_to_private_root, NULL },
    { "audit.chain.private_root", chain_to_private_root, private_root_issued_leaf, "CN=Root,O=Example CA" },
    { "audit.chain.wrong_order", wrong_order, nothing, "CN=www.example.net, CN=Intermediate,O=Example CA" },
    { "audit.chain.root_sent", root_sent, nothing, "CN=Intermediate,O=Example CA" },
    { "audit.chain.unrelated", unrelated, nothing, "CN=Somebody else" },
    { "audit.chain.ca_expired", authority_expired, expired_root, "CN=Intermediate" },
    { "audit.chain.root_expired", expired_root, authority_expired, NULL },
    { "audit.chain.ca_expires_soon", authority_20_days, authority_40_days, "in 20 days" },
    { "audit.chain.ca_weak_signature", authority_sha1, root_sha1, NULL },
    { "audit.chain.ca_rsa_too_small", authority_rsa_1024, authority_rsa_2048, "RSA 1024" },
    { "audit.chain.not_a_ca", authority_is_none, unrelated_is_no_authority, NULL },
    { "audit.chain.name_constraints", constraints_violated, constraints_kept, NULL },
    { "audit.chain.large", large, full_record, "16385 bytes" },
    { "audit.file.newer_than_loaded", renewed_on_disk, touched, "/etc/tls/ecdsa.pem" },
    { "audit.file.newer_than_loaded", renewed_on_disk, older_on_disk, NULL },
    { "audit.file.expired_still_loaded", renewed_after_expiry, expired_and_not_renewed, NULL },
    { "audit.file.older_than_loaded", older_on_disk, renewed_on_disk, NULL },
    { "audit.file.gone", gone, unwatched, "/etc/tls/server-key.pem" },
    { "audit.file.no_certificate", no_longer_pem, key_is_no_certificate, NULL },
    { "audit.file.not_watched", certificate_unwatched, key_unwatched, NULL },
    { "audit.file.key_readable", key_0644, key_0640, "mode 0644" },
    { "audit.file.writable", certificate_0666, certificate_0664, "mode 0666" },
};

int main(void)
{
    static const char *const families[] = { "audit.chain.", "audit.file." };
    judge_rows(rows, sizeof rows / sizeof rows[0], families, 2);
    return done_testing();
}
