/* SPDX-License-Identifier: Apache-2.0 */
/**
 * predicates.h knows the clauses that the rules are written in: claims about one handshake, in plain words, each of which
 * can be false. It refuses to know which rule uses them.
 *
 * The whole list stands here, in the order of a handshake. The names have no prefix, so that a rule reads as a sentence;
 * nothing outside diagnose/ may use them.
 */
#ifndef TLSDIAG_DIAGNOSE_PREDICATES_H
#define TLSDIAG_DIAGNOSE_PREDICATES_H

#include "diagnose/scene.h"

typedef bool tlsdiag_clause_t(const tlsdiag_scene_t *scene);

/* How it ended. "We" is this server; "without alert" means that neither side sent one that ends a connection. */

tlsdiag_clause_t handshake_completed;
tlsdiag_clause_t came_to_grief; /**< an alert ended it, or a later handshake on its connection came to nothing */
tlsdiag_clause_t nothing_speaks_against_it;    /**< a request came, or the client left and had nothing to complain of */
tlsdiag_clause_t only_habit_speaks_against_it; /**< it left without a request, and something only few clients mind */
tlsdiag_clause_t server_was_stopping;
tlsdiag_clause_t resources_ran_out;
tlsdiag_clause_t client_closed, client_reset, time_ran_out; /**< FIN, RST, the time limit; all without alert */
tlsdiag_clause_t client_left_without_alert;                 /**< any of these */
tlsdiag_clause_t write_failed;
tlsdiag_clause_t
    we_refused; /**< a fatal alert of ours, or a reason of OpenSSL's other than the client's end or alert */
tlsdiag_clause_t client_sent_alert;

/* What came first. Holds until a ClientHello is complete, however the connection ended. */

tlsdiag_clause_t nothing_received, no_proxy_header_came;
tlsdiag_clause_t proxy_header_was_refused; /**< by mod_remoteip, which ended the connection */
tlsdiag_clause_t second_proxy_header_came; /**< behind one that mod_remoteip took */
tlsdiag_clause_t hello_incomplete, openssl_gave_no_reason;
tlsdiag_clause_t spoke_http, spoke_http2, spoke_http_connect, spoke_proxy_protocol, spoke_ssh, spoke_mail_or_ftp,
    spoke_rdp, spoke_smb, spoke_ldap, spoke_postgresql, spoke_mqtt, spoke_socks, spoke_redis, spoke_dns,
    spoke_bittorrent, spoke_json, spoke_dtls_or_quic;
tlsdiag_clause_t spoke_no_tls; /**< unknown bytes, also behind the beginning of a TLS record */
tlsdiag_clause_t spoke_sslv2;  /**< an SSLv2 hello that offers nothing newer */
tlsdiag_clause_t spoke_alert_first, spoke_other_tls_first, record_length_is_impossible;

/* The ClientHello, and why OpenSSL refused it: each is one of OpenSSL's reasons, or our alert where that says more. */

tlsdiag_clause_t hello_was_refused; /**< by us, before our flight */
tlsdiag_clause_t hello_is_too_large, hello_lengths_do_not_fit, hello_legacy_version_is_bad, hello_has_no_ciphers,
    hello_compression_is_bad, hello_lacks_extension, hello_key_share_is_bad, hello_extension_is_bad,
    hello_does_not_fit_session, second_hello_ignores_retry, renegotiation_info_is_wrong, fallback_was_signalled,
    binder_is_bad, server_name_was_refused, alpn_was_refused;

/* Offer against configuration: gap.h. */

tlsdiag_clause_t version_was_refused;
tlsdiag_clause_t nothing_in_common_was_found; /**< any of the reasons that stand for suite, group and signature alike */
tlsdiag_clause_t offers_only_sslv3, offers_no_known_version, offers_blocked_version, offers_only_older_versions,
    offers_only_newer_versions;
tlsdiag_clause_t chosen_tls13, chosen_below_tls13; /**< the version that OpenSSL chose before it found nothing */
tlsdiag_clause_t no_suite_is_configured;
tlsdiag_clause_t offers_only_exotic_suites, offers_only_legacy_suites;
tlsdiag_clause_t offers_no_forward_secrecy, offers_only_dhe; /**< and the vhost has nothing of that kind */
tlsdiag_clause_t common_suites_need_ecdsa, common_suites_need_rsa;
tlsdiag_clause_t offers_no_suite_of_the_version;  /**< but suites of another */
tlsdiag_clause_t only_the_key_group_is_not_taken; /**< the curve of our certificate's key; of no_group_in_common */
tlsdiag_clause_t no_group_in_common, no_signature_in_common; /**< found by us, or complained of by the client */
tlsdiag_clause_t offers_only_legacy_signatures;

/* After our flight. What a client complains of is what explains its alert, its silence or its hanging up: health.h. */

tlsdiag_clause_t waits_after_retry, waits_for_answer; /**< and nothing came since */
tlsdiag_clause_t answer_is_incomplete;                /**< anywhere between ClientHello and Finished */
tlsdiag_clause_t no_protocol_in_common, complains_of_dh, complains_of_key_group, complains_of_key, complains_of_expiry,
    complains_of_start, complains_of_self_signature, complains_of_missing_intermediate, complains_of_broken_chain,
    complains_of_unknown_ca, complains_of_name, complains_of_missing_sni, complains_of_weakness, complains_of_usage,
    complains_of_critical_extension, complains_of_name_constraint, complains_of_staple, complains_of_revocation,
    complains_of_long_chain, complains_of_size;
tlsdiag_clause_t says_expired_without_reason; /**< certificate_expired(45), which the rules for dates left over */
tlsdiag_clause_t rejects_certificate;         /**< bad_certificate(42) to certificate_unknown(46) */
tlsdiag_clause_t alert_is_close_notify, alert_is_unexpected_message, alert_is_bad_record_mac, alert_is_record_overflow,
    alert_is_handshake_failure, alert_is_illegal_parameter, alert_is_access_denied, alert_is_decode_error,
    alert_is_decrypt_error, alert_is_protocol_version, alert_is_insufficient_security, alert_is_internal_error,
    alert_is_user_canceled, alert_is_missing_extension, alert_is_unsupported_extension, alert_is_unrecognized_name,
    alert_is_certificate_required, alert_is_no_application_protocol;

/* What makes a verdict certain. */

tlsdiag_clause_t alert_is_about_certificates; /**< 42 to 46, 48, 113: whatever it is, it is the certificate */
tlsdiag_clause_t alert_leaves_one_complaint;  /**< one of these, and only one thing that it can mean */
tlsdiag_clause_t alert_names_the_complaint;   /**< certificate_revoked(44), bad_certificate_status_response(113) */
tlsdiag_clause_t alert_is_unknown_ca;
tlsdiag_clause_t tcp_facts_tell;
tlsdiag_clause_t openssl_missed_certificate;
tlsdiag_clause_t never_certain;

/* In the middle of the handshake, and after it. */

tlsdiag_clause_t client_asked_to_renegotiate, post_handshake_auth_impossible;
tlsdiag_clause_t client_did_not_renegotiate; /**< TLS 1.2: we asked, and it refused, said nothing or went away midway */
tlsdiag_clause_t
    directory_has_no_suite_in_common; /**< ... it did, and a directory's SSLCipherSuite has none of its offer */
tlsdiag_clause_t too_many_warnings, too_much_early_data, plaintext_came, finished_is_wrong, record_does_not_decrypt,
    key_exchange_is_bad, message_is_unexpected, record_length_is_bad;

/* The client's certificate: each is a verdict of OpenSSL's, X509_V_ERR_*. */

tlsdiag_clause_t no_certificate_came; /**< none was sent, or the client closed when it was asked for one */
tlsdiag_clause_t certificate_was_refused;
tlsdiag_clause_t our_crl_is_unusable, our_ca_lacks_its_issuer;
tlsdiag_clause_t no_ca_is_configured; /**< no issuer was found, and this vhost knows none at all */
tlsdiag_clause_t chain_exceeds_depth, client_certificate_expired, client_certificate_not_yet_valid,
    client_certificate_revoked, our_crl_expired, our_crl_is_missing, client_certificate_self_signed,
    client_intermediate_is_missing, client_ca_is_unknown, client_certificate_has_wrong_usage,
    client_certificate_is_weak, client_ca_may_not_issue, client_signature_is_wrong, ocsp_check_failed;

/* Our own doing. */

tlsdiag_clause_t policy_refused; /**< access_denied(49) of ours */
tlsdiag_clause_t own_key_failed; /**< internal_error(80) of ours, and another library than SSL failed first */

#endif
