/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the certificate itself. */
#include "healthy.h"

#define LEAF first_ecdsa[0]

static void expired(void)
{
    LEAF.not_after = NOW;
}
static void last_second(void)
{
    LEAF.not_after = NOW + 1;
}
static void half_a_day_left(void)
{
    LEAF.not_after = NOW + DAY / 2;
}
static void six_days_left(void)
{
    LEAF.not_after = NOW + 6 * DAY;
}

static void lasts(int64_t days)
{
    LEAF.not_before = NOW - 70 * DAY;
    LEAF.not_after = NOW + days * DAY;
}

static void ten_days_left(void)
{
    lasts(10);
}
static void three_weeks_left(void)
{
    lasts(21);
}

/* A certificate of six days is never "about to expire" in its first four. */
static void short_lived(void)
{
    LEAF.not_before = NOW - DAY;
    LEAF.not_after = NOW + 5 * DAY;
}

static void not_yet_valid(void)
{
    LEAF.not_before = NOW + 1;
}
static void valid_from_now(void)
{
    LEAF.not_before = NOW;
}
static void other_name(void)
{
    first.server_name = "www.example.org";
}
static void other_than_its_ten_names(void)
{
    first.server_name = "www.example.org";
    SET_TEXTS(LEAF.dns_names, "a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "g.test", "h.test", "i.test",
              "j.test");
}
static void name_in_other_case(void)
{
    first.server_name = "WWW.Example.NET.";
}

static void guessed_name(void)
{
    first.server_name = "machine7";
    first.server_name_guessed = true;
}

static void alias_elsewhere(void)
{
    SET_TEXTS(first.server_aliases, "a.example.net", "a.b.example.net");
}
static void alias_covered(void)
{
    SET_TEXTS(first.server_aliases, "a.example.net", "*.example.net", "shop?.example.org");
}

static void no_san(void)
{
    LEAF.has_subject_alt_name = false;
    LEAF.dns_names.count = 0;
}

static void san_with_address(void)
{
    LEAF.dns_names.count = 0;
    SET_TEXTS(LEAF.ip_addresses, "192.0.2.1");
}

static void wide_wildcard(void)
{
    SET_TEXTS(LEAF.dns_names, "www.example.net", "*.co.uk");
}
static void narrow_wildcard(void)
{
    SET_TEXTS(LEAF.dns_names, "www.example.net", "*.example.co.uk");
}
static void self_signed(void)
{
    LEAF.self_issued = LEAF.self_signed = true;
}
static void self_issued(void)
{
    LEAF.self_issued = true;
}
static void rsa_1024(void)
{
    first_rsa[0].key_bits = 1024;
}
static void rsa_2047(void)
{
    first_rsa[0].key_bits = 2048;
}
static void sha1(void)
{
    LEAF.signature_hash = TLSDIAG_HASH_SHA1;
}

static void sha1_by_itself(void)
{
    LEAF.signature_hash = TLSDIAG_HASH_SHA1;
    LEAF.self_signed = true;
}

static void p521(void)
{
    LEAF.key_group = 25;
}
static void p384(void)
{
    LEAF.key_group = 24;
}
static void client_auth_only(void)
{
    LEAF.usage_server_auth = false;
}

static void any_purpose(void)
{
    LEAF.usage_server_auth = false;
    LEAF.usage_any = true;
}

static void encipherment_only(void)
{
    LEAF.usage_digital_signature = false;
}

static void no_key_usage(void)
{
    LEAF.has_key_usage = false;
    LEAF.usage_digital_signature = false;
}

static void ca_leaf(void)
{
    LEAF.is_ca = true;
}
static void constraints_without_ca(void)
{
    LEAF.has_basic_constraints = true;
}
static void must_staple(void)
{
    LEAF.must_staple = true;
}

static void must_staple_and_does(void)
{
    LEAF.must_staple = true;
    first.stapling = true;
}

static void stapling_without_url(void)
{
    first.stapling = true;
    LEAF.ocsp_url = NULL;
}

static void stapling_with_forced_url(void)
{
    stapling_without_url();
    first.stapling_responder_set = true;
}

/* Issued after 2026-03-15, so 200 days are the limit. */
static void days_201(void)
{
    LEAF.not_after = LEAF.not_before + 201 * DAY;
}
static void days_200(void)
{
    LEAF.not_after = LEAF.not_before + 200 * DAY;
}

static void private_days_826(void)
{
    first_chains[0].root_known = false;
    LEAF.not_after = LEAF.not_before + 826 * DAY;
}

static void private_days_825(void)
{
    first_chains[0].root_known = false;
    LEAF.not_after = LEAF.not_before + 825 * DAY;
}

static void critical(void)
{
    LEAF.unknown_critical = "1.2.3.4";
}
static void nothing(void)
{
}
static void no_sct(void)
{
    LEAF.has_sct = false;
}

static void no_sct_private(void)
{
    LEAF.has_sct = false;
    first_chains[0].root_known = false;
}

static void ed25519_only(void)
{
    second_ecdsa[0].key_type = TLSDIAG_KEY_ED25519;
}

static void ed25519_beside_ecdsa(void)
{
    first_rsa[0].key_type = TLSDIAG_KEY_ED25519;
}
static void key_reused(void)
{
    second_ecdsa[0].sha256[0] = 9;
}

static void other_key(void)
{
    second_ecdsa[0].sha256[0] = 9;
    second_ecdsa[0].public_key_sha256[0] = 9;
}

static const fault_row_t rows[] = {
    { "audit.cert.expired", expired, last_second, "CN=www.example.net expired on 2026-11-21 00:00:00 UTC" },
    { "audit.cert.expires_in_1_day", half_a_day_left, six_days_left, "in 12 hours" },
    { "audit.cert.expires_in_7_days", six_days_left, ten_days_left, "in 6 days" },
    { "audit.cert.expires_in_7_days", six_days_left, short_lived, NULL },
    { "audit.cert.expires_in_14_days", ten_days_left, three_weeks_left, "in 10 days" },
    { "audit.cert.expires_in_30_days", three_weeks_left, ten_days_left, "in 21 days" },
    { "audit.cert.not_yet_valid", not_yet_valid, valid_from_now, "in 1 second" },
    { "audit.cert.name_not_covered", other_name, name_in_other_case,
      "www.example.org; it covers example.net, *.example.net" },
    { "audit.cert.name_not_covered", other_name, guessed_name, NULL },
    { "audit.cert.name_not_covered", other_than_its_ten_names, guessed_name, "g.test, h.test and 2 more" },
    { "audit.cert.alias_not_covered", alias_elsewhere, alias_covered, "ServerAlias a.b.example.net." },
    { "audit.cert.no_san", no_san, san_with_address, NULL },
    { "audit.cert.wildcard_too_wide", wide_wildcard, narrow_wildcard, "*.co.uk" },
    { "audit.cert.self_signed", self_signed, self_issued, NULL },
    { "audit.cert.rsa_too_small", rsa_1024, rsa_2047, "RSA 1024" },
    { "audit.cert.weak_signature", sha1, sha1_by_itself, NULL },
    { "audit.cert.uncommon_group", p521, p384, "secp521r1" },
    { "audit.cert.extended_key_usage", client_auth_only, any_purpose, NULL },
    { "audit.cert.key_usage", encipherment_only, no_key_usage, NULL },
    { "audit.cert.ca_as_leaf", ca_leaf, constraints_without_ca, NULL },
    { "audit.cert.must_staple", must_staple, must_staple_and_does, NULL },
    { "audit.cert.stapling_without_responder", stapling_without_url, stapling_with_forced_url, NULL },
    { "audit.cert.lifetime", days_201, days_200, "201 days; one issued on 2026-11-01 00:00:00 UTC may be for 200" },
    { "audit.cert.lifetime_private", private_days_826, private_days_825, "826 days" },
    { "audit.cert.unknown_critical", critical, nothing, "1.2.3.4" },
    { "audit.cert.no_sct", no_sct, no_sct_private, NULL },
    { "audit.cert.key_for_browsers", ed25519_only, ed25519_beside_ecdsa, "shop.example.net:443" },
    { "audit.cert.key_reused", key_reused, other_key, "that of www.example.net:443" },
};

int main(void)
{
    static const char *const families[] = { "audit.cert." };
    judge_rows(rows, sizeof rows / sizeof rows[0], families, 1);
    return done_testing();
}
