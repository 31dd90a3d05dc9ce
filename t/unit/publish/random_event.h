/* SPDX-License-Identifier: Apache-2.0 */
/**
 * random_event.h knows how to make handshakes that never were: every field of the records filled by chance, hostile where
 * a client chooses the bytes, longer than what is kept where a count may say so. Same seed, same events.
 * It refuses to make what collect/ and diagnose/ promise never to: texts without an end, a bool that is neither.
 */
#ifndef TLSDIAG_RANDOM_EVENT_H
#define TLSDIAG_RANDOM_EVENT_H

#include <string.h>

#include "events.h"

static uint64_t random_state = 1;

/* xorshift64* (Vigna 2016): enough for tests, and the same everywhere. */
static uint32_t chance(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static bool coin(void)
{
    return chance(2);
}

static bool rarely(void)
{
    return chance(16) == 0;
}

/* Small most of the time, now and then as large as the type allows. */
static uint32_t random_number(void)
{
    return rarely() ? UINT32_MAX : chance(4) ? chance(5000) : 0;
}

static const char *const nasty[] = {
    "\"},\"x\":{\"",    "\\",   "\\\\", "\\\"", "\x7f", "\xff", "\xe2\x80\xa8", "</script>",
    "${jndi:ldap://x}", "\r\n", "'\t",  "%s%n",
};

static uint8_t random_byte(void)
{
    return (uint8_t)(coin() ? 'a' + chance(26) : chance(256));
}

/* Bytes of a client: up to size, any value. Returns how many. */
static size_t random_bytes(uint8_t *to, size_t size)
{
    size_t length = rarely() ? size : chance((uint32_t)(size < 24 ? size : 24) + 1);
    for (size_t i = 0; i < length; i++) {
        to[i] = random_byte();
    }
    if (chance(3) == 0) {
        const char *text = nasty[chance(sizeof nasty / sizeof nasty[0])];
        size_t copied = strlen(text) < length ? strlen(text) : length;
        memcpy(to, text, copied);
    }
    return length;
}

/* The same as a text with its end. */
static void random_text(char *to, size_t size)
{
    size_t length = random_bytes((uint8_t *)to, size - 1);
    for (size_t i = 0; i < length; i++) {
        to[i] = to[i] ? to[i] : '?';
    }
    to[length] = '\0';
}

static uint16_t random_code(void)
{
    static const uint16_t known[] = { 0x1301, 0x1302, 0xc02f, 0x0a0a, 0x001d, 0x0017, 0x0403, 0x0804, 0x0304, 0x11ec };
    return coin() ? known[chance(sizeof known / sizeof known[0])] : (uint16_t)chance(65536);
}

/* Fill a list of kept codes; returns a count that may say more. */
static uint16_t random_codes(uint16_t *codes, uint16_t kept)
{
    uint16_t count = (uint16_t)(rarely() ? chance(2u * kept) : chance(kept < 12 ? kept : 12u));
    for (uint16_t i = 0; i < count && i < kept; i++) {
        codes[i] = random_code();
    }
    return count;
}

#define RANDOM_CODES(record, list, kept) (record)->list##_count = random_codes((record)->list, kept)

static void random_hello(tlsdiag_client_hello_t *hello)
{
    hello->complete = coin();
    hello->legacy_version = random_code();
    hello->session_id_length = (uint8_t)chance(33);
    RANDOM_CODES(hello, cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT);
    RANDOM_CODES(hello, extensions, TLSDIAG_EXTENSIONS_KEPT);
    RANDOM_CODES(hello, supported_versions, TLSDIAG_VERSIONS_KEPT);
    RANDOM_CODES(hello, supported_groups, TLSDIAG_GROUPS_KEPT);
    RANDOM_CODES(hello, key_shares, TLSDIAG_KEY_SHARES_KEPT);
    RANDOM_CODES(hello, signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT);
    RANDOM_CODES(hello, signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT);
    hello->alpn_bytes = (uint8_t)random_bytes(hello->alpn, sizeof hello->alpn);
    hello->has_server_name = coin();
    hello->server_name_length = (uint16_t)random_bytes(hello->server_name, sizeof hello->server_name);
    hello->server_name_length = (uint16_t)(hello->server_name_length + (rarely() ? chance(60000) : 0));
    hello->compression_count = (uint8_t)chance(256);
    hello->psk_modes_count = (uint8_t)chance(256);
    hello->early_data = coin();
    hello->ech = coin();
    hello->session_ticket = coin();
    hello->pre_shared_key = coin();
    hello->status_request = coin();
    hello->grease = coin();
    hello->message_bytes = random_number();
    hello->malformed_at = random_number();
    if (rarely()) {
        random_text(hello->malformed, sizeof hello->malformed);
    }
}

static void random_certificate(tlsdiag_certificate_summary_t *certificate)
{
    certificate->present = chance(4) == 0;
    random_text(certificate->subject, sizeof certificate->subject);
    random_text(certificate->issuer, sizeof certificate->issuer);
    random_text(certificate->serial, sizeof certificate->serial);
    certificate->not_before = (int64_t)chance(UINT32_MAX) * (coin() ? 1 : -1);
    certificate->not_after = rarely() ? INT64_MAX : (int64_t)random_number();
}

static void random_negotiated(tlsdiag_negotiated_t *negotiated)
{
    static const uint16_t versions[] = { 0, 0x0002, 0x0300, 0x0301, 0x0303, 0x0304, 0x7f1c };
    negotiated->version = versions[chance(sizeof versions / sizeof versions[0])];
    negotiated->cipher_suite = coin() ? random_code() : 0;
    random_text(negotiated->cipher_openssl, sizeof negotiated->cipher_openssl);
    negotiated->group = coin() ? random_code() : 0;
    negotiated->dh_bits = (uint16_t)random_number();
    negotiated->signature_scheme = coin() ? random_code() : 0;
    random_text(negotiated->alpn, sizeof negotiated->alpn);
    negotiated->hello_retry_request = coin();
    negotiated->hello_retry_group = random_code();
    negotiated->resumed = coin();
    negotiated->resumed_by_session_id = coin();
    negotiated->early_data = coin();
    negotiated->ocsp_stapled = coin();
    negotiated->forward_secrecy = coin();
    negotiated->certificate_requested = coin();
    negotiated->sni_matched = coin();
    negotiated->name_covered = coin();
    negotiated->certificate = (int8_t)((int)chance(5) - 1);
}

static void random_errors(tlsdiag_facts_t *facts)
{
    facts->alerts_count = (uint16_t)(coin() ? 0 : chance(2 * TLSDIAG_ALERTS_KEPT));
    for (int i = 0; i < TLSDIAG_ALERTS_KEPT; i++) {
        facts->alerts[i] = (tlsdiag_alert_t){
            .received = coin(), .fatal = coin(), .after_finished = coin(), .description = (uint8_t)chance(256)
        };
        facts->alerts[i].at_us = random_number();
    }
    facts->openssl_errors_count = (uint16_t)(coin() ? 0 : chance(2 * TLSDIAG_OPENSSL_ERRORS_KEPT));
    for (int i = 0; i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        facts->openssl_errors[i].code = (uint64_t)random_number() << 16 | random_number();
        facts->openssl_errors[i].reason = random_number();
        random_text(facts->openssl_errors[i].text, sizeof facts->openssl_errors[i].text);
    }
    facts->verification.checked = coin();
    facts->verification.error = (int32_t)(coin() ? random_number() : 0);
    facts->verification.depth = (int32_t)random_number();
    random_text(facts->verification.text, sizeof facts->verification.text);
    random_certificate(&facts->verification.failed);
    random_certificate(&facts->client_certificate);
}

static void random_network(tlsdiag_facts_t *facts)
{
    tlsdiag_network_t *network = &facts->network;
    network->bytes_received = rarely() ? UINT64_MAX : random_number();
    network->bytes_sent = random_number();
    network->hello_reads = (uint16_t)random_number();
    network->tcp_known = coin();
    network->rtt_us = random_number();
    network->pmtu = random_number();
    facts->timing.first_byte_us = random_number();
    facts->timing.client_answer_us = random_number();
    facts->timing.total_us = random_number();
}

static void random_facts(tlsdiag_facts_t *facts)
{
    *facts = (tlsdiag_facts_t){ 0 };
    facts->started_us = rarely() ? INT64_MIN : INT64_C(1795222923123456) + random_number();
    facts->ended_us = rarely() ? INT64_MAX : coin() ? 0 : facts->started_us;
    random_text(facts->client_address, sizeof facts->client_address);
    random_text(facts->local_address, sizeof facts->local_address);
    random_text(facts->connection_id, sizeof facts->connection_id);
    random_text(facts->history, sizeof facts->history);
    random_text(facts->ja3, sizeof facts->ja3);
    random_text(facts->ja4, sizeof facts->ja4);
    facts->client_port = (uint16_t)random_number();
    facts->ipv6 = coin();
    facts->is_backend = rarely();
    facts->has_client_hello = chance(4) != 0;
    random_hello(&facts->client_hello);
    facts->first_bytes_length = (uint16_t)random_bytes(facts->first_bytes, sizeof facts->first_bytes);
    facts->has_second_client_hello = coin();
    facts->second_key_share = random_code();
    facts->stage = (tlsdiag_stage_t)chance(TLSDIAG_FINISHED + 1);
    facts->ended_by = (tlsdiag_ended_by_t)chance(TLSDIAG_ENDED_ERROR + 1);
    facts->established = coin();
    facts->request_seen = coin();
    facts->renegotiating = rarely();
    facts->client_renegotiation_refused = rarely();
    facts->post_handshake_authentication = rarely();
    random_negotiated(&facts->negotiated);
    random_errors(facts);
    random_network(facts);
}

static void random_diagnosis(tlsdiag_diagnosis_t *diagnosis)
{
    static const char *const causes[] = { "ok", "ok", "version.client_too_old", "unexplained", "server.stopping" };
    static const char *const names[] = { "offered", "allowed", "missing", "not_after", "offered" };
    *diagnosis = (tlsdiag_diagnosis_t){ .cause = causes[chance(sizeof causes / sizeof causes[0])] };
    diagnosis->failure = strcmp(diagnosis->cause, "ok") != 0 && chance(4) != 0;
    diagnosis->unknown = rarely();
    diagnosis->act = (tlsdiag_act_t)chance(TLSDIAG_ACT_EITHER + 1);
    diagnosis->confidence = (tlsdiag_confidence_t)chance(2);
    diagnosis->level = (tlsdiag_level_t)chance(3);
    random_text(diagnosis->says, sizeof diagnosis->says);
    random_text(diagnosis->advice, sizeof diagnosis->advice);
    random_text(diagnosis->remedy, sizeof diagnosis->remedy);
    random_text(diagnosis->remedy_cost, sizeof diagnosis->remedy_cost);
    diagnosis->evidence_count = (uint8_t)(coin() ? 0 : chance(2 * TLSDIAG_EVIDENCE_KEPT));
    for (int i = 0; i < TLSDIAG_EVIDENCE_KEPT; i++) {
        diagnosis->evidence[i].name = names[chance(sizeof names / sizeof names[0])];
        random_text(diagnosis->evidence[i].value, sizeof diagnosis->evidence[i].value);
    }
}

/* What was seen before: ours, as long as there is room for it behind the advice. */
static const char *random_experience(const tlsdiag_diagnosis_t *diagnosis)
{
    static char text[TLSDIAG_ADVICE_TEXT];
    size_t room = sizeof text - strlen(diagnosis->advice),
           length = chance((uint32_t)(rarely() || room < 200 ? room : 200));
    memset(text, 'x', length);
    text[length] = '\0';
    return text;
}

/** Fill fixture by chance. */
static void random_event(fixture_t *fixture)
{
    static char vhost[2048], path[2048];
    make_success(fixture);
    random_facts(&fixture->facts);
    random_diagnosis(&fixture->diagnosis);
    fixture->event.experience = random_experience(&fixture->diagnosis);
    random_text(vhost, sizeof vhost);
    random_text(path, sizeof path);
    fixture->posture.name = vhost;
    fixture->posture.defined_at = path;
    fixture->event.posture = rarely() ? NULL : &fixture->posture;
    fixture->event.vhost = coin() ? vhost : NULL;
    fixture->event.hostname = coin() ? vhost : NULL;
    fixture->event.id = rarely() ? path : fixture->event.id;
    fixture->event.sequence = rarely() ? UINT64_MAX : random_number();
    fixture->event.process_id = rarely() ? INT64_MIN : random_number();
    fixture->event.lost_before = random_number();
    fixture->event.repeats.count = rarely() ? UINT64_MAX : 0;
    fixture->event.mask = (tlsdiag_mask_t){ (uint8_t)(coin() ? 24 : 0), (uint8_t)(coin() ? 48 : 0) };
    if (coin()) {
        fixture->event.hello_message = tlsdiag_bytes(NULL, 0);
    }
}

#endif
