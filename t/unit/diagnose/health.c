/* SPDX-License-Identifier: Apache-2.0 */
/* The health of what we sent, name by name and fault by fault; and what an alert can mean. */
#include "handshake.h"

#include "diagnose/health.h"
#include "pki/names.h"

#define BIT(complaint) (UINT32_C(1) << TLSDIAG_##complaint)
#define LEAF certificates[0]

static tlsdiag_health_t health;

static void examine(void)
{
    tlsdiag_health_examine(&health, &facts, vhost, experience.revoked_reports);
}

/* Names: the certificate of begin() has www.example.net, *.shop.example.net and 192.0.2.1. */
static const struct {
    const char *asked;
    bool covered;
} names[] = {
    { "www.example.net", true },     { "WWW.Example.NET", true },
    { "www.example.net.", true },    { "example.net", false },
    { "a.shop.example.net", true },  { "a.b.shop.example.net", false },
    { "shop.example.net", false },   { "xn--bcher-kva.shop.example.net", true },
    { "192.0.2.1", true },           { "192.0.2.2", false },
    { "2001:db8::1", false },        { "www.example.net\n", false },
    { "*.shop.example.net", false },
};

static void judge_names(void)
{
    begin();
    for (unsigned i = 0; i < COUNT(names); i++) {
        tlsdiag_bytes_t name = tlsdiag_bytes(names[i].asked, strlen(names[i].asked));
        ok(tlsdiag_certificate_covers(&LEAF, name) == names[i].covered, "%s is %scovered", names[i].asked,
           names[i].covered ? "" : "not ");
    }
    ok(!tlsdiag_certificate_covers(&LEAF, tlsdiag_bytes(NULL, 0)), "no name is not covered");
    ok(tlsdiag_common_name_covers(&LEAF, tlsdiag_bytes("www.example.net", 15)), "the common name would");
    SET_TEXTS(LEAF.ip_addresses, "2001:db8::1");
    ok(tlsdiag_certificate_covers(&LEAF, tlsdiag_bytes("2001:DB8::1", 11)), "an IPv6 address in either case");
}

static void expired(void)
{
    LEAF.not_after = NOW - 1;
}
static void last_second(void)
{
    LEAF.not_after = NOW;
}
static void root_expired(void)
{
    certificates[1].not_after = NOW - 1;
}
static void not_yet(void)
{
    LEAF.not_before = NOW + 1;
}
static void no_clock(void)
{
    LEAF.not_after = 1;
    facts.ended_us = 0;
}
static void rsa_2047(void)
{
    LEAF.key_bits = 2047;
}
static void p192(void)
{
    LEAF.key_type = TLSDIAG_KEY_ECDSA;
    LEAF.key_bits = 192;
    LEAF.key_group = 19;
}
static void sha1_root(void)
{
    certificates[1].signature_hash = TLSDIAG_HASH_SHA1;
    certificates[1].self_issued = true;
}
static void sha1_intermediate(void)
{
    certificates[1].signature_hash = TLSDIAG_HASH_SHA1;
}
static void any_usage(void)
{
    LEAF.has_extended_key_usage = LEAF.usage_any = true;
}
static void cannot_sign(void)
{
    LEAF.has_key_usage = LEAF.usage_key_encipherment = true;
}
static void cannot_sign_but_need_not(void)
{
    cannot_sign();
    facts.negotiated.cipher_suite = 0x009c;
}
static void stapled(void)
{
    LEAF.must_staple = facts.client_hello.status_request = facts.negotiated.ocsp_stapled = true;
}
static void stapled_with_an_error(void)
{
    stapled();
    facts.negotiated.ocsp_staple_is_error = true;
}
static void seven(void)
{
    for (int i = 2; i < 7; i++)
        certificates[i] = certificates[1];
    chains[0].count = 7;
}
static void eight(void)
{
    seven();
    certificates[7] = certificates[1];
    chains[0].count = 8;
}
static void exactly_16k(void)
{
    facts.negotiated.certificate_message_bytes = 16384;
}
static void above_16k(void)
{
    facts.negotiated.certificate_message_bytes = 16385;
}
static void resumed(void)
{
    expired();
    facts.negotiated.resumed = true;
}
static void before_the_flight(void)
{
    expired();
    facts.stage = TLSDIAG_CLIENT_HELLO;
}
static void alias_only(void)
{
    facts.client_hello.has_server_name = false;
    SET_TEXTS(posture.server_aliases, "www.example.net");
    posture.server_name = "intern";
}
static void guessed_name(void)
{
    facts.client_hello.has_server_name = false;
    posture.server_name = "host7";
    posture.server_name_guessed = true;
}
static void dh_2048(void)
{
    facts.negotiated.dh_bits = 2048;
}
static void dh_2047(void)
{
    facts.negotiated.dh_bits = 2047;
}
static void offer_alpn(const char *list, uint8_t bytes, uint16_t count)
{
    memcpy(facts.client_hello.alpn, list, bytes);
    facts.client_hello.alpn_bytes = bytes;
    facts.client_hello.alpn_count = count;
    facts.client_hello.has_alpn = true;
    strcpy(facts.negotiated.alpn, "http/1.1");
}
static void alpn_offered(void)
{
    offer_alpn("\2h2\10http/1.1", 12, 2);
}
static void alpn_not_offered(void)
{
    offer_alpn("\2h2", 3, 1);
}
static void alpn_perhaps_offered(void)
{
    offer_alpn("\2h2", 3, 40);
}
static void healthy(void)
{
}

static const struct {
    const char *name;
    void (*set)(void);
    uint32_t complaints;
} faults[] = {
    { "healthy", healthy, 0 },
    { "expired", expired, BIT(EXPIRED) },
    { "its last second", last_second, 0 },
    { "a CA certificate expired", root_expired, BIT(EXPIRED) },
    { "not yet valid", not_yet, BIT(NOT_YET_VALID) },
    { "the time is not known", no_clock, 0 },
    { "RSA 2047", rsa_2047, BIT(WEAK) },
    { "P-192", p192, BIT(WEAK) },
    { "SHA-1 in a root does not matter", sha1_root, 0 },
    { "SHA-1 in an intermediate does", sha1_intermediate, BIT(WEAK) },
    { "anyExtendedKeyUsage", any_usage, 0 },
    { "a key that may not sign", cannot_sign, BIT(WRONG_USAGE) },
    { "which RSA key exchange does not need", cannot_sign_but_need_not, 0 },
    { "must-staple with staple", stapled, 0 },
    { "must-staple with tryLater", stapled_with_an_error, BIT(STAPLE_MISSING) },
    { "seven certificates", seven, 0 },
    { "eight", eight, BIT(CHAIN_LONG) },
    { "16 KiB", exactly_16k, 0 },
    { "and a byte", above_16k, BIT(MESSAGE_BIG) },
    { "no certificate was sent in a resumption", resumed, 0 },
    { "nor before our flight", before_the_flight, 0 },
    { "no SNI, an alias is covered", alias_only, BIT(NO_SNI) },
    { "no SNI, the vhost's name is a guess of httpd's", guessed_name, BIT(NO_SNI) },
    { "DH 2048", dh_2048, 0 },
    { "DH 2047", dh_2047, BIT(DH_SMALL) },
    { "ALPN answer offered", alpn_offered, 0 },
    { "ALPN answer not offered", alpn_not_offered, BIT(ALPN_UNOFFERED) },
    { "ALPN answer perhaps in the part not kept", alpn_perhaps_offered, 0 },
};

static void judge_faults(void)
{
    for (unsigned i = 0; i < COUNT(faults); i++) {
        begin();
        we_answer(0x0304);
        faults[i].set();
        examine();
        is_int(health.complaints, faults[i].complaints, faults[i].name);
    }
}

/* Which chain of two was served. */
static void judge_chains(void)
{
    begin();
    we_answer(0x0303);
    issue(&second_leaf, "CN=second", "CN=Intermediate");
    second_leaf.key_type = TLSDIAG_KEY_ECDSA;
    second_leaf.key_group = 23;
    chains[1] = chains[0];
    chains[1].certificates = &second_leaf;
    chains[1].count = 1;
    posture.chains_count = 2;
    facts.negotiated.certificate = 2;
    ok(tlsdiag_chain_served(&facts, &posture) == &chains[1], "the one that was noted");
    facts.negotiated.certificate = 0;
    facts.negotiated.signature_scheme = 0x0403;
    ok(tlsdiag_chain_served(&facts, &posture) == &chains[1], "the one whose key made the signature");
    facts.negotiated.signature_scheme = 0x0804;
    ok(tlsdiag_chain_served(&facts, &posture) == &chains[0], "or the other");
    facts.negotiated.signature_scheme = 0;
    ok(!tlsdiag_chain_served(&facts, &posture), "or none is known");
    facts.negotiated.certificate = 9;
    ok(!tlsdiag_chain_served(&facts, &posture), "a number that is none");
}

/* Every alert, with everything wrong at once: the most telling complaint comes first. */
static const struct {
    uint8_t alert;
    tlsdiag_complaint_t first;
} meanings[] = {
    { 10, TLSDIAG_ALPN_UNOFFERED },  { 20, TLSDIAG_NO_COMPLAINT },    { 22, TLSDIAG_MESSAGE_BIG },
    { 40, TLSDIAG_ALPN_UNOFFERED },  { 42, TLSDIAG_EXPIRED },         { 43, TLSDIAG_WRONG_USAGE },
    { 45, TLSDIAG_EXPIRED },         { 46, TLSDIAG_EXPIRED },         { 47, TLSDIAG_ALPN_UNOFFERED },
    { 48, TLSDIAG_SELF_SIGNED },     { 49, TLSDIAG_CHAIN_LONG },      { 50, TLSDIAG_ALPN_UNOFFERED },
    { 51, TLSDIAG_DH_SMALL },        { 70, TLSDIAG_NO_COMPLAINT },    { 71, TLSDIAG_DH_SMALL },
    { 80, TLSDIAG_ALPN_UNOFFERED },  { 86, TLSDIAG_NO_COMPLAINT },    { 100, TLSDIAG_NO_COMPLAINT },
    { 109, TLSDIAG_NO_COMPLAINT },   { 110, TLSDIAG_ALPN_UNOFFERED }, { 112, TLSDIAG_NO_COMPLAINT },
    { 113, TLSDIAG_STAPLE_MISSING }, { 116, TLSDIAG_NO_COMPLAINT },   { 120, TLSDIAG_ALPN_UNOFFERED },
    { 255, TLSDIAG_NO_COMPLAINT },
};

static bool is_one_of_many;

static int explain(const tlsdiag_health_t *of, tlsdiag_leaving_t leaving, uint8_t alert)
{
    return (int)tlsdiag_health_explain(of, leaving, alert, &is_one_of_many);
}

/* What else the alert could mean makes it uncertain; what it never means does not. */
static void judge_doubts(void)
{
    const struct {
        uint32_t complaints;
        uint16_t expired;
        uint8_t alert;
        tlsdiag_complaint_t first;
        bool is_one_of_many;
    } rows[] = {
        { BIT(EXPIRED), 0, 42, TLSDIAG_EXPIRED, false },
        { BIT(EXPIRED) | BIT(NAME_MISMATCH), 0, 42, TLSDIAG_EXPIRED, true },
        { BIT(EXPIRED) | BIT(NAME_MISMATCH), 0, 45, TLSDIAG_EXPIRED, false },
        { BIT(EXPIRED) | BIT(PRIVATE_CA), 0, 42, TLSDIAG_EXPIRED, false },
        { BIT(EXPIRED) | BIT(PRIVATE_CA), 0, 48, TLSDIAG_PRIVATE_CA, false },
        { BIT(EXPIRED) | BIT(PRIVATE_CA), 1, 48, TLSDIAG_EXPIRED, true },
        { BIT(EXPIRED), 0, 48, TLSDIAG_NO_COMPLAINT, false },
    };
    for (unsigned i = 0; i < COUNT(rows); i++) {
        tlsdiag_health_t faulty = { .complaints = rows[i].complaints, .expired = rows[i].expired };
        is_int(explain(&faulty, TLSDIAG_LEFT_BY_ALERT, rows[i].alert), rows[i].first, "one or two faults");
        ok(is_one_of_many == rows[i].is_one_of_many, "alert %u, faults %x: another would explain it", rows[i].alert,
           (unsigned)rows[i].complaints);
    }
}

static void judge_meanings(void)
{
    tlsdiag_health_t all = { .complaints = UINT32_MAX }, none = { 0 };
    for (unsigned i = 0; i < COUNT(meanings); i++) {
        char name[40];
        snprintf(name, sizeof name, "alert %u", meanings[i].alert);
        is_int(explain(&all, TLSDIAG_LEFT_BY_ALERT, meanings[i].alert), meanings[i].first, name);
        is_int(explain(&none, TLSDIAG_LEFT_BY_ALERT, meanings[i].alert), TLSDIAG_NO_COMPLAINT, name);
    }
    tlsdiag_health_t private_ca = { .complaints = BIT(PRIVATE_CA) };
    is_int(explain(&private_ca, TLSDIAG_LEFT_SILENTLY, 0), TLSDIAG_NO_COMPLAINT, "a private CA explains no silence");
    is_int(explain(&all, TLSDIAG_LEFT_COMPLETED, 0), TLSDIAG_EXPIRED, "hung up");
    is_int(explain(&all, TLSDIAG_NOT_LEFT, 0), TLSDIAG_NO_COMPLAINT, "who stays does not complain");
    for (unsigned c = 0; c < TLSDIAG_COMPLAINTS; c++) {
        ok(tlsdiag_complaint_text((tlsdiag_complaint_t)c) != NULL, "complaint %u has words", c);
    }
}

int main(void)
{
    judge_names();
    judge_faults();
    judge_chains();
    judge_meanings();
    judge_doubts();
    return done_testing();
}
