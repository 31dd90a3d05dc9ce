/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/health.h"

#include <string.h>

#include "diagnose/gap.h"
#include "pki/names.h"
#include "iana/iana.h"

enum {
    RSA_BITS_ENOUGH = 2048,
    EC_BITS_ENOUGH = 224,
    DH_BITS_ENOUGH = 2048,
    REVOKED_REPORTS_ENOUGH = 2,
    GROUP_SECP521R1 = 25,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_CERTIFICATE_UNKNOWN = 46,
    ALERT_UNKNOWN_CA = 48
};

/* What an examination looks at. */
typedef struct tlsdiag_examination {
    tlsdiag_health_t *health;
    const tlsdiag_facts_t *facts;
    const tlsdiag_posture_t *posture;
    const tlsdiag_chain_t *chain;
    const tlsdiag_certificate_t *leaf;
} tlsdiag_examination_t;

static void complain(const tlsdiag_examination_t *at, tlsdiag_complaint_t complaint)
{
    at->health->complaints |= UINT32_C(1) << complaint;
}

/* Also remembers which certificate of the chain it was, the first one only. */
static void complain_of(const tlsdiag_examination_t *at, tlsdiag_complaint_t complaint, uint16_t *which, uint16_t i)
{
    if (!(at->health->complaints & UINT32_C(1) << complaint)) {
        *which = i;
    }
    complain(at, complaint);
}

const tlsdiag_chain_t *tlsdiag_chain_served(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    uint8_t count = posture->chains_count;
    if (facts->negotiated.certificate > 0 && facts->negotiated.certificate <= count) {
        return &posture->chains[facts->negotiated.certificate - 1];
    }
    for (uint8_t i = 0; i < count && count > 1; i++) {
        const tlsdiag_chain_t *chain = &posture->chains[i];
        if (chain->count && tlsdiag_signature_fits(facts->negotiated.signature_scheme, &chain->certificates[0],
                                                   facts->negotiated.version)) {
            return chain;
        }
    }
    return count == 1 ? &posture->chains[0] : NULL;
}

bool tlsdiag_flight_was_sent(const tlsdiag_facts_t *facts)
{
    return facts->stage >= TLSDIAG_SERVER_FLIGHT_SENT;
}

bool tlsdiag_alert_rejects_certificate(uint8_t alert)
{
    return alert >= ALERT_BAD_CERTIFICATE && alert <= ALERT_CERTIFICATE_UNKNOWN;
}

/* A resumed session has no Certificate message, but some clients look at the one of the session again, Chromium among them:
 * what they say of it is about the certificate that this vhost had when the session began. */
static bool judged_session_certificate(const tlsdiag_facts_t *facts)
{
    size_t count = tlsdiag_kept(facts->alerts_count, TLSDIAG_ALERTS_KEPT);
    for (size_t i = 0; i < count; i++) {
        uint8_t alert = facts->alerts[i].description;
        if (facts->alerts[i].received && (tlsdiag_alert_rejects_certificate(alert) || alert == ALERT_UNKNOWN_CA)) {
            return true;
        }
    }
    return false;
}

static void examine_dates(const tlsdiag_examination_t *at)
{
    int64_t now = at->facts->ended_us / 1000000;
    for (uint16_t i = 0; i < at->chain->count && now; i++) {
        const tlsdiag_certificate_t *certificate = &at->chain->certificates[i];
        if (certificate->not_after && certificate->not_after < now) {
            complain_of(at, TLSDIAG_EXPIRED, &at->health->expired, i);
        }
        if (certificate->not_before > now) {
            complain_of(at, TLSDIAG_NOT_YET_VALID, &at->health->not_yet_valid, i);
        }
    }
}

/* A root is taken on trust: its own signature and its missing issuer do not matter (RFC 5280 6.1). */
static void examine_links(const tlsdiag_examination_t *at)
{
    const tlsdiag_chain_t *chain = at->chain;
    bool knows_issuer = chain->issuer_sent || chain->root_known || chain->complete;
    if (at->leaf->self_signed) {
        complain(at, TLSDIAG_SELF_SIGNED);
        return;
    }
    if (!knows_issuer && chain->count > 1) {
        complain(at, TLSDIAG_CHAIN_BROKEN);
        return;
    }
    if (chain->missing_is_intermediate || (!knows_issuer && at->leaf->issuer_url)) {
        complain(at, TLSDIAG_CHAIN_INCOMPLETE);
        return;
    }
    if (chain->wrong_order) {
        complain(at, TLSDIAG_CHAIN_DISORDERED);
    }
    if (!chain->root_known) {
        complain(at, knows_issuer ? TLSDIAG_PRIVATE_CA : TLSDIAG_ISSUER_UNKNOWN);
    }
}

static bool covers_own_names(const tlsdiag_examination_t *at)
{
    const tlsdiag_posture_t *posture = at->posture;
    if (posture->server_name &&
        tlsdiag_certificate_covers(at->leaf, tlsdiag_bytes(posture->server_name, strlen(posture->server_name)))) {
        return true;
    }
    for (uint16_t i = 0; i < posture->server_aliases.count; i++) {
        const char *alias = posture->server_aliases.items[i];
        if (tlsdiag_certificate_covers(at->leaf, tlsdiag_bytes(alias, strlen(alias)))) {
            return true;
        }
    }
    return !posture->server_name || posture->server_name_guessed;
}

/* Without SNI the name the client checks is not known: the address it came to is the best guess, and a certificate that
 * does not even cover the vhost's own names is wrong for everybody. */
static void examine_name_without_sni(const tlsdiag_examination_t *at)
{
    const char *address = at->facts->local_address;
    if (tlsdiag_certificate_covers(at->leaf, tlsdiag_bytes(address, strlen(address)))) {
        return;
    }
    complain(at, covers_own_names(at) ? TLSDIAG_NO_SNI : TLSDIAG_NAME_MISMATCH);
}

/* A record about what came later on the connection has no ClientHello: nobody knows what it asked for. */
static void examine_name(const tlsdiag_examination_t *at)
{
    const tlsdiag_client_hello_t *hello = &at->facts->client_hello;
    if (!at->facts->has_client_hello) {
        return;
    }
    if (!hello->has_server_name || !hello->server_name_length) {
        examine_name_without_sni(at);
        return;
    }
    size_t kept =
        hello->server_name_length < sizeof hello->server_name ? hello->server_name_length : sizeof hello->server_name;
    tlsdiag_bytes_t name = tlsdiag_bytes(hello->server_name, kept);
    if (!tlsdiag_certificate_covers(at->leaf, name)) {
        complain(at, TLSDIAG_NAME_MISMATCH);
        at->health->name_from_common_name =
            !at->leaf->has_subject_alt_name && tlsdiag_common_name_covers(at->leaf, name);
    }
}

static bool weak_key(const tlsdiag_certificate_t *certificate)
{
    switch (certificate->key_type) {
    case TLSDIAG_KEY_RSA:
    case TLSDIAG_KEY_RSA_PSS:
        return certificate->key_bits && certificate->key_bits < RSA_BITS_ENOUGH;
    case TLSDIAG_KEY_ECDSA:
        return certificate->key_bits && certificate->key_bits < EC_BITS_ENOUGH;
    default:
        return certificate->key_type == TLSDIAG_KEY_DSA;
    }
}

/* CA/Browser Forum Baseline Requirements 6.1.5 and 7.1.3.2: what common policies, and OpenSSL's level 2, ask for. */
static void examine_strength(const tlsdiag_examination_t *at)
{
    for (uint16_t i = 0; i < at->chain->count; i++) {
        const tlsdiag_certificate_t *certificate = &at->chain->certificates[i];
        bool weak_hash =
            certificate->signature_hash == TLSDIAG_HASH_MD5 || certificate->signature_hash == TLSDIAG_HASH_SHA1;
        bool trust_anchor = i > 0 && certificate->self_issued;
        if (weak_key(certificate) || (weak_hash && !trust_anchor && !certificate->self_signed)) {
            complain_of(at, TLSDIAG_WEAK, &at->health->weak, i);
        }
    }
}

/* RFC 5280 4.2.1.3 and 4.2.1.12, RFC 8446 4.4.2.2. */
static void examine_usage(const tlsdiag_examination_t *at)
{
    const tlsdiag_certificate_t *leaf = at->leaf;
    bool static_rsa = tlsdiag_iana_suite_traits(at->facts->negotiated.cipher_suite).key_exchange == TLSDIAG_KX_RSA;
    bool may_sign = !leaf->has_key_usage || leaf->usage_digital_signature;
    bool may_decrypt = !leaf->has_key_usage || leaf->usage_key_encipherment;
    if ((leaf->has_extended_key_usage && !leaf->usage_server_auth && !leaf->usage_any) ||
        !(static_rsa ? may_decrypt : may_sign)) {
        complain(at, TLSDIAG_WRONG_USAGE);
    }
}

static void examine_extensions(const tlsdiag_examination_t *at)
{
    for (uint16_t i = 0; i < at->chain->count; i++) {
        if (at->chain->certificates[i].unknown_critical) {
            complain_of(at, TLSDIAG_CRITICAL_EXTENSION, &at->health->critical, i);
        }
        if (at->chain->certificates[i].name_constraints_violated) {
            complain_of(at, TLSDIAG_NAME_CONSTRAINT, &at->health->constraining, i);
        }
    }
    if (at->facts->negotiated.resumed) {
        return; /* a staple belongs to the full handshake, which is another record */
    }
    bool useful_staple = at->facts->negotiated.ocsp_stapled && !at->facts->negotiated.ocsp_staple_is_error;
    if (at->leaf->must_staple && at->facts->client_hello.status_request && !useful_staple) {
        complain(at, TLSDIAG_STAPLE_MISSING); /* RFC 7633 4.2.3.1 */
    }
}

static void examine_size(const tlsdiag_examination_t *at)
{
    const tlsdiag_negotiated_t *negotiated = &at->facts->negotiated;
    if (negotiated->resumed) {
        return;
    }
    uint32_t bytes =
        negotiated->certificate_message_bytes ? negotiated->certificate_message_bytes : at->chain->message_bytes;
    if (bytes > TLSDIAG_BIG_MESSAGE || negotiated->certificate_request_bytes > TLSDIAG_BIG_MESSAGE) {
        complain(at, TLSDIAG_MESSAGE_BIG);
    }
    if (at->chain->count > TLSDIAG_LONG_CHAIN) {
        complain(at, TLSDIAG_CHAIN_LONG);
    }
}

/* observed-clients 25: browsers cannot use P-521 and EdDSA, nor most of the smaller stacks RSASSA-PSS keys. */
static void examine_key(const tlsdiag_examination_t *at)
{
    tlsdiag_key_type_t type = at->leaf->key_type;
    bool p521 = type == TLSDIAG_KEY_ECDSA && (at->leaf->key_group == GROUP_SECP521R1 || !at->leaf->key_group);
    if (p521 || type == TLSDIAG_KEY_RSA_PSS || type == TLSDIAG_KEY_ED25519 || type == TLSDIAG_KEY_ED448 ||
        type == TLSDIAG_KEY_DSA || type == TLSDIAG_KEY_ML_DSA || type == TLSDIAG_KEY_OTHER) {
        complain(at, TLSDIAG_KEY_UNUSUAL);
    }
}

static bool offers_protocol(const tlsdiag_client_hello_t *hello, const char *protocol)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(hello->alpn, hello->alpn_bytes));
    size_t length = strlen(protocol);
    while (tlsdiag_remaining(&in)) {
        tlsdiag_bytes_t name = tlsdiag_read_vector(&in, 1);
        if (name.length == length && length && memcmp(name.at, protocol, length) == 0) {
            return true;
        }
    }
    return false;
}

/* RFC 7301 3.2: the answer must be one of the client's; mod_ssl falls back to http/1.1 all the same (observed.md 9). A list
 * longer than what was kept may hold the answer in the part that was not. */
static bool answered_unoffered_protocol(const tlsdiag_facts_t *facts)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    size_t kept = 0;
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(hello->alpn, hello->alpn_bytes));
    while (tlsdiag_remaining(&in)) {
        tlsdiag_read_vector(&in, 1);
        kept++;
    }
    return facts->negotiated.alpn[0] && hello->has_alpn && kept >= hello->alpn_count &&
           !offers_protocol(hello, facts->negotiated.alpn);
}

static void examine_certificate(const tlsdiag_examination_t *at)
{
    examine_dates(at);
    examine_links(at);
    examine_name(at);
    examine_strength(at);
    examine_usage(at);
    examine_extensions(at);
    examine_size(at);
    examine_key(at);
}

void tlsdiag_health_examine(tlsdiag_health_t *health, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                            uint64_t revoked_reports)
{
    memset(health, 0, sizeof *health);
    tlsdiag_examination_t at = { .health = health, .facts = facts, .posture = posture };
    if (facts->negotiated.dh_bits && facts->negotiated.dh_bits < DH_BITS_ENOUGH) {
        complain(&at, TLSDIAG_DH_SMALL);
    }
    if (answered_unoffered_protocol(facts)) {
        complain(&at, TLSDIAG_ALPN_UNOFFERED);
    }
    if (!posture || !tlsdiag_flight_was_sent(facts) ||
        (facts->negotiated.resumed && !judged_session_certificate(facts))) {
        return;
    }
    at.chain = tlsdiag_chain_served(facts, posture);
    if (!at.chain || !at.chain->count) {
        return;
    }
    health->chain = at.chain;
    at.leaf = &at.chain->certificates[0];
    examine_certificate(&at);
    if (revoked_reports >= REVOKED_REPORTS_ENOUGH) {
        complain(&at, TLSDIAG_REVOKED);
    }
}
