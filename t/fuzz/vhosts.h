/* SPDX-License-Identifier: Apache-2.0 */
/**
 * vhosts.h knows two vhosts that handshakes are judged against: one where much is set, and one about which nothing is known.
 * It refuses to know which of them a target takes.
 */
#ifndef TLSDIAG_FUZZ_VHOSTS_H
#define TLSDIAG_FUZZ_VHOSTS_H

#include "posture.h"

#define NOW (INT64_C(20000) * 86400)

static const uint16_t suites[] = { 0x1302, 0x1301, 0xc030, 0xc02f, 0xc02b, 0x009c };
static const uint16_t groups[] = { 29, 23, 24 };
static const uint16_t schemes[] = { 0x0403, 0x0804, 0x0401 };
static const char *const names[] = { "www.example.net", "*.example.net" };
static const tlsdiag_certificate_t certificates[] = {
    { .subject = "CN=www",
      .issuer = "CN=\xff\n\"<b>",
      .serial = "1",
      .not_before = NOW,
      .not_after = NOW + 9,
      .key_type = TLSDIAG_KEY_RSA,
      .key_bits = 1024,
      .dns_names = { names, 2 },
      .has_subject_alt_name = true },
    { .subject = "CN=ca",
      .issuer = "CN=ca",
      .self_signed = true,
      .self_issued = true,
      .key_type = TLSDIAG_KEY_ECDSA,
      .key_group = 25 },
};
static const tlsdiag_chain_t chains[] = { { .certificates = certificates, .count = 2 },
                                          { .certificates = certificates + 1, .count = 1 } };

#define LIST(array)                               \
    {                                             \
        array, sizeof(array) / sizeof((array)[0]) \
    }
static const tlsdiag_posture_t vhosts[] = {
    { .name = "www:443",
      .server_name = "www.example.net",
      .versions = TLSDIAG_TLS12 | TLSDIAG_TLS13,
      .versions_configured = TLSDIAG_TLS11 | TLSDIAG_TLS12 | TLSDIAG_TLS13,
      .security_level = 2,
      .cipher_suites = LIST(suites),
      .cipher_suites_configured = LIST(suites),
      .cipher_suites_known = LIST(suites),
      .groups = LIST(groups),
      .groups_known = LIST(groups),
      .signature_algorithms = LIST(schemes),
      .signature_algorithms_known = LIST(schemes),
      .chains = chains,
      .chains_count = 2,
      .alpn = LIST(names),
      .http2_loaded = true,
      .remoteip_loaded = true,
      .ssl_cipher_suite = { .text = "HIGH:!aNULL:!AES128" },
      .verify_client = TLSDIAG_VERIFY_REQUIRE,
      .client_authorities = LIST(names),
      .crl_check = true },
    { .name = "empty:443" },
};

/** A choice of three: one of the vhosts, or NULL, none known. */
static inline const tlsdiag_posture_t *vhost_of(unsigned choice)
{
    return choice % 3 < 2 ? &vhosts[choice % 3] : NULL;
}

#endif
