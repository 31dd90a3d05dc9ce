/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any facts, even impossible ones, get a verdict whose texts end, fit and are printable.
 *
 * The first byte chooses the vhost, one of two fixed ones or none; then every three bytes set one byte of the facts (where,
 * and to what). What the collectors promise is made true afterwards: enumerations are in range, booleans are 0 or 1, texts
 * end.
 */
#include "diagnose/diagnosis.h"
#include "fuzz.h"
#include "vhosts.h"

static void make_true(bool *at)
{
    unsigned char byte;
    memcpy(&byte, at, 1);
    *at = byte & 1;
}

#define TRUE_OR_FALSE(first, last)                   \
    for (bool *at = &(first); at <= &(last); at++) { \
        make_true(at);                               \
    }
#define END(text) (text)[sizeof(text) - 1] = '\0'

static void keep_promises_of_hello(tlsdiag_client_hello_t *hello)
{
    TRUE_OR_FALSE(hello->complete, hello->sslv2_format)
    TRUE_OR_FALSE(hello->has_extensions, hello->has_extensions)
    TRUE_OR_FALSE(hello->has_server_name, hello->grease)
    END(hello->malformed);
    hello->alpn_bytes = hello->alpn_bytes > sizeof hello->alpn ? (uint8_t)sizeof hello->alpn : hello->alpn_bytes;
}

static void keep_promises_of_certificate(tlsdiag_certificate_summary_t *certificate)
{
    make_true(&certificate->present);
    END(certificate->subject);
    END(certificate->issuer);
    END(certificate->serial);
}

static void keep_promises_of_lists(tlsdiag_facts_t *facts)
{
    for (size_t i = 0; i < TLSDIAG_ALERTS_KEPT; i++) {
        TRUE_OR_FALSE(facts->alerts[i].received, facts->alerts[i].after_finished)
    }
    for (size_t i = 0; i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        END(facts->openssl_errors[i].text);
    }
}

static void keep_promises(tlsdiag_facts_t *facts)
{
    keep_promises_of_hello(&facts->client_hello);
    keep_promises_of_certificate(&facts->client_certificate);
    keep_promises_of_certificate(&facts->verification.failed);
    keep_promises_of_lists(facts);
    facts->stage = (tlsdiag_stage_t)((unsigned)facts->stage % (TLSDIAG_FINISHED + 1u));
    facts->ended_by = (tlsdiag_ended_by_t)((unsigned)facts->ended_by % (TLSDIAG_ENDED_ERROR + 1u));
    TRUE_OR_FALSE(facts->ipv6, facts->is_backend)
    TRUE_OR_FALSE(facts->has_client_hello, facts->has_client_hello)
    TRUE_OR_FALSE(facts->has_second_client_hello, facts->has_second_client_hello)
    TRUE_OR_FALSE(facts->established, facts->certificate_wanted)
    TRUE_OR_FALSE(facts->server_stopping, facts->proxy_header_began)
    TRUE_OR_FALSE(facts->network.end_of_file, facts->network.tcp_known)
    TRUE_OR_FALSE(facts->negotiated.hello_retry_request, facts->negotiated.hello_retry_request)
    TRUE_OR_FALSE(facts->negotiated.resumed, facts->negotiated.certificate_requested)
    TRUE_OR_FALSE(facts->negotiated.sni_matched, facts->negotiated.name_covered)
    TRUE_OR_FALSE(facts->verification.checked, facts->verification.checked)
    TRUE_OR_FALSE(facts->verification.empty, facts->verification.empty)
    TRUE_OR_FALSE(facts->verification.issuer_is_known, facts->verification.issuer_is_known)
    END(facts->client_address);
    END(facts->local_address);
    END(facts->history);
    END(facts->negotiated.alpn);
    END(facts->negotiated.cipher_openssl);
}

/* A text ends within its size and is printable; lines may have line feeds between them. */
static void check_text(const char *text, size_t size, bool lines)
{
    CHECK(memchr(text, '\0', size));
    for (size_t length = strcspn(text, lines ? "\n" : ""); *text; length = strcspn(text, lines ? "\n" : "")) {
        CHECK(is_text(text, length));
        text += length + (text[length] == '\n');
    }
}

static void judge(const tlsdiag_diagnosis_t *diagnosis)
{
    check_text(diagnosis->says, sizeof diagnosis->says, false);
    check_text(diagnosis->advice, sizeof diagnosis->advice, false);
    check_text(diagnosis->remedy, sizeof diagnosis->remedy, true);
    check_text(diagnosis->remedy_cost, sizeof diagnosis->remedy_cost, false);
    for (unsigned i = 0; i < diagnosis->evidence_count; i++) {
        check_text(diagnosis->evidence[i].value, sizeof diagnosis->evidence[i].value, false);
    }
}

/* Lists are full of something and the handshake is on its way, so that few bytes suffice to get somewhere. */
static void begin(tlsdiag_facts_t *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->ended_us = NOW * 1000000;
    facts->has_client_hello = facts->client_hello.complete = true;
    facts->client_hello.legacy_version = 0x0303;
    facts->client_hello.cipher_suites_count = facts->client_hello.supported_groups_count = 9;
    facts->openssl_errors_count = facts->alerts_count = 1;
    facts->openssl_errors[0].library = 20;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsdiag_facts_t facts;
    static tlsdiag_diagnosis_t diagnosis;
    begin(&facts);
    memset(&diagnosis, 0xa5, sizeof diagnosis);
    for (size_t i = 1; i + 3 <= size; i += 3) {
        ((uint8_t *)&facts)[(size_t)(data[i] << 8 | data[i + 1]) % sizeof facts] = data[i + 2];
    }
    keep_promises(&facts);
    tlsdiag_diagnose(&diagnosis, &facts, vhost_of(size ? data[0] : 2), NULL);
    judge(&diagnosis);
    return 0;
}
