/* SPDX-License-Identifier: Apache-2.0 */
/**
 * recognise.h knows the marks of the protocols that come to port 443 by mistake, one function for each that is not
 * told by its first characters alone. It refuses to know which of them goes first: that is the table in first_bytes.c.
 *
 * Each function says whether the bytes, all that came so far, are that protocol. It looks at no more of them than make
 * it certain, and says no while there are too few.
 */
#ifndef TLSDIAG_DECODE_RECOGNISE_H
#define TLSDIAG_DECODE_RECOGNISE_H

#include <stdbool.h>

#include "base/bytes.h"

/* TLS records and what looks like them: recognise_tls.c */
bool tlsdiag_is_tls_bad_length(tlsdiag_bytes_t bytes);     /**< a length no record may have, or a flood of empty ones */
bool tlsdiag_is_tls_client_hello(tlsdiag_bytes_t bytes);   /**< or may still become one, from the first byte 0x16 on */
bool tlsdiag_is_tls_alert(tlsdiag_bytes_t bytes);          /**< 3 bytes suffice */
bool tlsdiag_is_tls_other(tlsdiag_bytes_t bytes);          /**< another record, or another handshake message */
bool tlsdiag_is_sslv2_client_hello(tlsdiag_bytes_t bytes); /**< 5 bytes suffice */
bool tlsdiag_is_dtls_or_quic(tlsdiag_bytes_t bytes);       /**< DTLS from 3 bytes, QUIC from 6 */

/* Words: recognise_text.c */
bool tlsdiag_is_http(tlsdiag_bytes_t bytes); /**< a request line of HTTP/1, whatever the method; not CONNECT, not PRI */
bool tlsdiag_is_mail_or_ftp(tlsdiag_bytes_t bytes); /**< a first command of SMTP, IMAP, POP3 or FTP */
bool tlsdiag_is_redis(tlsdiag_bytes_t bytes);       /**< RESP, or an inline command */
bool tlsdiag_is_json(tlsdiag_bytes_t bytes);        /**< an object, or an array of them */

/* Fields of numbers: recognise_binary.c */
bool tlsdiag_is_rdp(tlsdiag_bytes_t bytes);        /**< TPKT with an X.224 connection request */
bool tlsdiag_is_smb(tlsdiag_bytes_t bytes);        /**< SMB 1 or 2 in a NetBIOS session message, or a session request */
bool tlsdiag_is_ldap(tlsdiag_bytes_t bytes);       /**< LDAPMessage in BER */
bool tlsdiag_is_postgresql(tlsdiag_bytes_t bytes); /**< SSLRequest, GSSENCRequest, CancelRequest, StartupMessage */
bool tlsdiag_is_mqtt(tlsdiag_bytes_t bytes);       /**< CONNECT of MQTT 3.1, 3.1.1 or 5 */
bool tlsdiag_is_socks(tlsdiag_bytes_t bytes);      /**< SOCKS 4, 4a or 5 */
bool tlsdiag_is_dns(tlsdiag_bytes_t bytes);        /**< one query over TCP */

#endif
