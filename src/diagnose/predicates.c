/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses about how it ended, what came first, and the ClientHello. */
#include "diagnose/predicates.h"

#include <errno.h>

#include "diagnose/openssl_reasons.h"

enum {
    ALERT_ACCESS_DENIED = 49,
    ALERT_INAPPROPRIATE_FALLBACK = 86,
    ALERT_MISSING_EXTENSION = 109,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_NO_APPLICATION_PROTOCOL = 120
};

static bool reason_is_one_of(const tlsdiag_scene_t *scene, const uint16_t *reasons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (scene->reason == reasons[i]) {
            return true;
        }
    }
    return false;
}

#define REASON_IS_ONE_OF(scene, ...)                           \
    reason_is_one_of(scene, (const uint16_t[]){ __VA_ARGS__ }, \
                     sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))

static bool we_sent(const tlsdiag_scene_t *scene, uint8_t description)
{
    return scene->sent && scene->sent->description == description;
}

bool handshake_completed(const tlsdiag_scene_t *scene)
{
    return scene->facts->established;
}

bool came_to_grief(const tlsdiag_scene_t *scene)
{
    return scene->sent || scene->received || scene->facts->renegotiating || client_did_not_renegotiate(scene) ||
           post_handshake_auth_impossible(scene);
}

bool nothing_speaks_against_it(const tlsdiag_scene_t *scene)
{
    return !came_to_grief(scene) && !scene->facts->client_renegotiation_refused &&
           (scene->facts->request_seen || (!scene->complaint && !only_habit_speaks_against_it(scene)));
}

/* Left without a request, and there is something only few clients mind: observed-clients 18. */
bool only_habit_speaks_against_it(const tlsdiag_scene_t *scene)
{
    const uint32_t minded_by_few = UINT32_C(1) << TLSDIAG_CHAIN_DISORDERED;
    return scene->leaving == TLSDIAG_LEFT_COMPLETED && !scene->complaint && scene->health.complaints & minded_by_few;
}

bool server_was_stopping(const tlsdiag_scene_t *scene)
{
    return scene->facts->ended_by == TLSDIAG_ENDED_SERVER_STOP;
}

static bool is_want_of_resources(const tlsdiag_openssl_error_t *error)
{
    bool memory = error->reason == TLSDIAG_R_MALLOC_FAILURE || error->reason == TLSDIAG_R_MALLOC_FAILURE_BARE ||
                  error->reason == TLSDIAG_R_MALLOC_FAILURE_1_1;
    bool system = error->library == TLSDIAG_LIB_SYS &&
                  (error->reason == ENOMEM || error->reason == EMFILE || error->reason == ENFILE);
    return memory || system || error->library == TLSDIAG_LIB_RAND;
}

bool resources_ran_out(const tlsdiag_scene_t *scene)
{
    for (uint16_t i = 0; i < scene->facts->openssl_errors_count && i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        if (is_want_of_resources(&scene->facts->openssl_errors[i])) {
            return true;
        }
    }
    return false;
}

bool client_closed(const tlsdiag_scene_t *scene)
{
    return scene->closed;
}

bool client_reset(const tlsdiag_scene_t *scene)
{
    return scene->reset;
}

bool time_ran_out(const tlsdiag_scene_t *scene)
{
    return scene->timed_out;
}

bool client_left_without_alert(const tlsdiag_scene_t *scene)
{
    return (scene->closed || scene->reset || scene->timed_out) && !scene->sent && !scene->received;
}

bool write_failed(const tlsdiag_scene_t *scene)
{
    return scene->facts->network.write_failed && !scene->sent && !scene->received;
}

bool we_refused(const tlsdiag_scene_t *scene)
{
    bool eof = scene->reason == TLSDIAG_R_UNEXPECTED_EOF_WHILE_READING;
    return scene->sent || (scene->reason && !eof && scene->reason < TLSDIAG_R_ALERT_OFFSET);
}

bool client_sent_alert(const tlsdiag_scene_t *scene)
{
    return scene->received;
}

/* What came first. */

bool nothing_received(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage == TLSDIAG_CONNECTED && scene->facts->network.bytes_received == 0 &&
           scene->facts->first_bytes_length == 0;
}

bool no_proxy_header_came(const tlsdiag_scene_t *scene)
{
    return scene->facts->proxy_protocol_enabled && scene->facts->network.aborted && !scene->facts->proxy_header_began;
}

bool proxy_header_was_refused(const tlsdiag_scene_t *scene)
{
    return scene->facts->proxy_protocol_enabled && scene->facts->network.aborted && scene->facts->proxy_header_began;
}

bool second_proxy_header_came(const tlsdiag_scene_t *scene)
{
    return scene->facts->proxy_protocol_enabled && spoke_proxy_protocol(scene);
}

static bool spoke(const tlsdiag_scene_t *scene, tlsdiag_protocol_t protocol)
{
    return scene->facts->stage <= TLSDIAG_BYTES_RECEIVED && scene->protocol == protocol;
}

#define SPOKE(clause, what)                           \
    bool clause(const tlsdiag_scene_t *scene)         \
    {                                                 \
        return spoke(scene, TLSDIAG_PROTOCOL_##what); \
    }

SPOKE(spoke_http, HTTP)
SPOKE(spoke_http2, HTTP2)
SPOKE(spoke_http_connect, HTTP_CONNECT)
SPOKE(spoke_proxy_protocol, PROXY)
SPOKE(spoke_ssh, SSH)
SPOKE(spoke_mail_or_ftp, MAIL_OR_FTP)
SPOKE(spoke_rdp, RDP)
SPOKE(spoke_smb, SMB)
SPOKE(spoke_ldap, LDAP)
SPOKE(spoke_postgresql, POSTGRESQL)
SPOKE(spoke_mqtt, MQTT)
SPOKE(spoke_socks, SOCKS)
SPOKE(spoke_redis, REDIS)
SPOKE(spoke_dns, DNS)
SPOKE(spoke_bittorrent, BITTORRENT)
SPOKE(spoke_json, JSON)
SPOKE(spoke_dtls_or_quic, DTLS_OR_QUIC)
SPOKE(spoke_alert_first, TLS_ALERT)
SPOKE(spoke_other_tls_first, TLS_OTHER)
SPOKE(record_length_is_impossible, TLS_BAD_LENGTH)

bool spoke_no_tls(const tlsdiag_scene_t *scene)
{
    bool became_something_else =
        spoke(scene, TLSDIAG_PROTOCOL_TLS_HANDSHAKE) && scene->reason == TLSDIAG_R_WRONG_VERSION_NUMBER;
    return spoke(scene, TLSDIAG_PROTOCOL_UNKNOWN) || became_something_else;
}

/* An SSLv2-format hello may offer newer versions (RFC 5246 E.2): OpenSSL reads on then, and the version rules judge it. */
bool spoke_sslv2(const tlsdiag_scene_t *scene)
{
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    bool format = spoke(scene, TLSDIAG_PROTOCOL_SSLV2) || (scene->facts->has_client_hello && hello->sslv2_format);
    return format && hello->legacy_version < TLSDIAG_VERSION_SSL30;
}

bool hello_incomplete(const tlsdiag_scene_t *scene)
{
    return spoke(scene, TLSDIAG_PROTOCOL_TLS_HANDSHAKE) || spoke(scene, TLSDIAG_PROTOCOL_SSLV2);
}

bool openssl_gave_no_reason(const tlsdiag_scene_t *scene)
{
    return !we_refused(scene);
}

/* The ClientHello, and why OpenSSL refused it. */

bool hello_was_refused(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage <= TLSDIAG_HELLO_RETRY_REQUEST && we_refused(scene);
}

bool hello_is_too_large(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_EXCESSIVE_MESSAGE_SIZE;
}

bool hello_lengths_do_not_fit(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_LENGTH_MISMATCH, TLSDIAG_R_BAD_PACKET_LENGTH, TLSDIAG_R_BAD_LENGTH,
                            TLSDIAG_R_LENGTH_TOO_SHORT, TLSDIAG_R_RECORD_LENGTH_MISMATCH,
                            TLSDIAG_R_ERROR_IN_RECEIVED_CIPHER_LIST);
}

bool hello_legacy_version_is_bad(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_BAD_LEGACY_VERSION;
}

bool hello_has_no_ciphers(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_NO_CIPHERS_SPECIFIED;
}

bool hello_compression_is_bad(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_NO_COMPRESSION_SPECIFIED, TLSDIAG_R_INVALID_COMPRESSION_ALGORITHM,
                            TLSDIAG_R_REQUIRED_COMPRESSION_ALGORITHM_MISSING);
}

bool hello_lacks_extension(const tlsdiag_scene_t *scene)
{
    return we_sent(scene, ALERT_MISSING_EXTENSION) ||
           REASON_IS_ONE_OF(scene, TLSDIAG_R_MISSING_SIGALGS_EXTENSION, TLSDIAG_R_MISSING_SUPPORTED_GROUPS_EXTENSION,
                            TLSDIAG_R_MISSING_PSK_KEX_MODES_EXTENSION);
}

bool hello_key_share_is_bad(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_BAD_KEY_SHARE, TLSDIAG_R_BAD_ECPOINT);
}

bool hello_extension_is_bad(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_BAD_EXTENSION, TLSDIAG_R_INVALID_MAX_FRAGMENT_LENGTH,
                            TLSDIAG_R_INVALID_SERVERNAME, TLSDIAG_R_PARSE_TLSEXT, TLSDIAG_R_BAD_PSK,
                            TLSDIAG_R_BAD_PSK_IDENTITY, TLSDIAG_R_POST_HANDSHAKE_AUTH_ENCODING_ERR);
}

bool hello_does_not_fit_session(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_INCONSISTENT_EXTMS, TLSDIAG_R_REQUIRED_CIPHER_MISSING);
}

bool second_hello_ignores_retry(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->has_second_client_hello && facts->second_key_share != facts->negotiated.hello_retry_group;
}

bool renegotiation_info_is_wrong(const tlsdiag_scene_t *scene)
{
    return REASON_IS_ONE_OF(scene, TLSDIAG_R_RENEGOTIATION_MISMATCH, TLSDIAG_R_RENEGOTIATION_ENCODING_ERR,
                            TLSDIAG_R_RENEGOTIATE_EXT_TOO_LONG, TLSDIAG_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
                            TLSDIAG_R_SCSV_RECEIVED_WHEN_RENEGOTIATING);
}

bool fallback_was_signalled(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_INAPPROPRIATE_FALLBACK || we_sent(scene, ALERT_INAPPROPRIATE_FALLBACK);
}

bool binder_is_bad(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_BINDER_DOES_NOT_VERIFY;
}

bool server_name_was_refused(const tlsdiag_scene_t *scene)
{
    return we_sent(scene, ALERT_UNRECOGNIZED_NAME);
}

bool alpn_was_refused(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_NO_APPLICATION_PROTOCOL || we_sent(scene, ALERT_NO_APPLICATION_PROTOCOL);
}

bool policy_refused(const tlsdiag_scene_t *scene)
{
    return we_sent(scene, ALERT_ACCESS_DENIED);
}
