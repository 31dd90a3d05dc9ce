/* SPDX-License-Identifier: Apache-2.0 */
/**
 * gap.h knows what a client offers, what a vhost allows, and what lies between: versions, cipher suites, groups and
 * signature algorithms, and for each offered cipher suite why it could not be used. It refuses to know how the handshake
 * ended: it compares two lists and does not ask whether OpenSSL agreed.
 *
 * The order of choice is OpenSSL's: the highest common version first and for good (a client that also offers an older one
 * gets no second chance), then within that version cipher suite, group and signature algorithm.
 */
#ifndef TLSDIAG_DIAGNOSE_GAP_H
#define TLSDIAG_DIAGNOSE_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"
#include "posture.h"

enum { TLSDIAG_VERSION_SSL30 = 0x0300, TLSDIAG_VERSION_TLS12 = 0x0303, TLSDIAG_VERSION_TLS13 = 0x0304 };

/** Why an offered cipher suite could not be used. In the order of the checks: a suite gets the first that holds. */
typedef enum {
    TLSDIAG_SUITE_SIGNALLING,     /**< GREASE or a signalling value: no cipher suite at all */
    TLSDIAG_SUITE_UNKNOWN,        /**< this OpenSSL does not know it */
    TLSDIAG_SUITE_OTHER_VERSION,  /**< belongs to another protocol version */
    TLSDIAG_SUITE_NOT_CONFIGURED, /**< not in SSLCipherSuite */
    TLSDIAG_SUITE_BELOW_LEVEL,    /**< configured, and taken away by the security level */
    TLSDIAG_SUITE_NEEDS_ECDSA,    /**< needs an ECDSA certificate, and the vhost has none */
    TLSDIAG_SUITE_NEEDS_RSA,      /**< likewise RSA */
    TLSDIAG_SUITE_NEEDS_OTHER,    /**< needs a kind of authentication that a web server does not have */
    TLSDIAG_SUITE_NO_GROUP,       /**< no group in common for its key exchange, or for the certificate's own key */
    TLSDIAG_SUITE_NO_SIGNATURE,   /**< no signature algorithm in common for the certificate's key */
    TLSDIAG_SUITE_USABLE,
    TLSDIAG_SUITE_VERDICTS /**< how many verdicts there are */
} tlsdiag_suite_verdict_t;

/** A short phrase for evidence and tables: "not in SSLCipherSuite". */
const char *tlsdiag_suite_verdict_text(tlsdiag_suite_verdict_t verdict);

typedef struct tlsdiag_gap {
    bool known;               /**< a complete ClientHello and a posture were there to compare; else only
                                   versions_offered counts of what is below */
    uint8_t versions_offered; /**< TLSDIAG_TLS12 ... bits; without supported_versions: legacy_version and all below */
    uint8_t versions_common;  /**< offered and effective */
    uint8_t versions_blocked; /**< offered and in SSLProtocol, but not effective */
    uint16_t version; /**< highest common one, that OpenSSL chooses; without any the highest blocked from TLS 1.2
                                   on, which it chooses before it finds out; 0: none */

    uint8_t suite_verdicts[TLSDIAG_CIPHER_SUITES_KEPT]; /**< tlsdiag_suite_verdict_t, one for each offered suite kept */
    uint16_t suites[TLSDIAG_SUITE_VERDICTS];            /**< how many offered suites got each verdict */
    uint16_t closest_suite;                             /**< the offered suite that needs the least; 0: none */
    /* Kinds of offer. TLS 1.3's ordinary suites are left aside, exotic and legacy ones beside better ones do not count. */
    bool only_exotic;                  /**< every suite is PSK, SRP, GOST, SM, KRB5, unknown to IANA or signalling */
    bool only_legacy;                  /**< every suite is RC4, DES, 3DES, EXPORT, NULL or anonymous */
    bool only_without_forward_secrecy; /**< every suite uses RSA or static key exchange */
    bool only_dhe;                     /**< every suite uses finite-field DHE */
    bool
        server_only_forward_secret; /**< every suite that the vhost configures for TLS 1.2 and below is forward secret */
    bool server_has_dhe;

    bool group_common;      /**< for the key exchange of `version` */
    bool signature_common;  /**< for one of the vhost's certificates at `version` */
    bool legacy_signatures; /**< the client offers no signature algorithm or only SHA-1 or MD5 ones */
} tlsdiag_gap_t;

/** Writes   all of *gap. posture may be NULL. */
void tlsdiag_gap_find(tlsdiag_gap_t *gap, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture);

/* Parts of it that remedies and texts need too. Versions are wire values, 0x0303. */

/** The bit of a version; 0 for one that has none. */
uint8_t tlsdiag_version_bit(uint16_t version);
/** The highest version in a set of bits; 0: empty. */
uint16_t tlsdiag_version_highest(uint8_t bits);
uint16_t tlsdiag_version_lowest(uint8_t bits);
bool tlsdiag_codes_contain(tlsdiag_code_list_t list, uint16_t code);
/** A list of facts.h as a tlsdiag_code_list_t: what was kept of it. */
tlsdiag_code_list_t tlsdiag_codes_kept(const uint16_t *codes, uint16_t count, uint16_t kept);
/** A group that can be used for ECDHE in TLS 1.2 or below (RFC 8422), or in TLS 1.3 (RFC 8446 4.2.7). */
bool tlsdiag_group_fits_version(uint16_t group, uint16_t version);
/** A signature scheme that a key of this certificate can make at a version (RFC 8446 4.2.3, RFC 5246 7.4.1.4.1). */
bool tlsdiag_signature_fits(uint16_t scheme, const tlsdiag_certificate_t *certificate, uint16_t version);
/** SHA-1 or MD5: refused from security level 1 on by OpenSSL 3. */
bool tlsdiag_signature_is_legacy(uint16_t scheme);
/** A certificate of this key type authenticates such a cipher suite in this version (RFC 5246 7.4.2, RFC 8422 2). */
bool tlsdiag_suite_fits_certificate(uint16_t suite, const tlsdiag_certificate_t *certificate, uint16_t version);

#endif
