/* SPDX-License-Identifier: Apache-2.0 */
/**
 * inventory.h knows all that one audit looks at: the vhosts' postures, the files they came from, the host they run on.
 * It refuses to judge, and to know how any of it was found out.
 *
 * Plain data with pointers into memory of the caller, who keeps it alive while findings are made.
 */
#ifndef TLSDIAG_AUDIT_INVENTORY_H
#define TLSDIAG_AUDIT_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "posture.h"

/** A file that a vhost was set up from, as it is on disk now. */
typedef struct tlsdiag_file {
    const char *path;     /**< as the posture names it */
    uint16_t first_vhost; /**< index of the first vhost that was set up from it: its findings stand with that one */
    bool looked_at;       /**< false: no process could look yet; the rest is empty */
    bool watched;     /**< it could be read just now; else the rest is what was found at start, with root's rights */
    bool missing;     /**< there is no such file any more */
    int64_t modified; /**< mtime, seconds since 1970 */
    uint16_t mode;    /**< permission bits, as chmod takes them */
    bool has_key;     /**< a private key is inside */
    bool has_certificate;          /**< its first certificate could be read; the rest is about that one */
    uint8_t sha256[32];            /**< of the DER form, comparable with tlsdiag_certificate_t */
    int64_t not_before, not_after; /**< seconds since 1970 */
} tlsdiag_file_t;

/** A vhost on which TLS is off. */
typedef struct tlsdiag_plain_vhost {
    const char *name;                /**< ServerName:port */
    const char *defined_at;          /**< file:line */
    uint16_t port;                   /**< that it listens on */
    const tlsdiag_posture_t *beside; /**< a vhost with TLS at the same address and port; NULL: none */
} tlsdiag_plain_vhost_t;

/** The machine, its clock and its OpenSSL. */
typedef struct tlsdiag_host {
    int64_t now;                       /**< wall clock, seconds since 1970 */
    int64_t module_built;              /**< when this module was compiled, seconds since 1970; 0: not known */
    bool clock_known;                  /**< the kernel was asked (adjtimex(2)) */
    bool clock_synchronised;           /**< ... and says that something keeps its clock right */
    const char *time_zone;             /**< TZ, or the target of /etc/localtime; NULL: neither is set */
    bool time_zone_found;              /**< the zone's file exists; else the C library takes UTC and says nothing */
    int32_t utc_offset_minutes;        /**< local time minus UTC */
    bool fips;                         /**< OpenSSL runs in FIPS mode */
    bool random_ready;                 /**< OpenSSL's random number generator is seeded */
    int32_t entropy_bits;              /**< the kernel's estimate; -1: not known */
    uint32_t openssl_compiled;         /**< OPENSSL_VERSION_NUMBER of the headers */
    uint32_t openssl_running;          /**< of the library in use */
    const char *openssl_compiled_text; /**< "OpenSSL 3.0.22 ..." */
    const char *openssl_running_text;
} tlsdiag_host_t;

/** What one simulated client met on one vhost. */
typedef struct tlsdiag_simulated {
    uint16_t client;          /**< index for tlsdiag_known_client() */
    bool done;                /**< false: there was no time for it, or it broke; the rest is empty */
    bool connects;            /**< the server finished its flight and the client can use what it got */
    bool hello_retry_request; /**< ... after one more round trip */
    bool other_vhost; /**< without SNI it gets the certificate of the default vhost, which does not cover this name */
    uint16_t version; /**< of the ServerHello; 0: none was sent */
    uint16_t cipher_suite; /**< 0: none was chosen */
    uint16_t group;        /**< 0: none, or key exchange by RSA */
    uint16_t dh_bits;      /**< size of the finite-field group; 0: another kind of key exchange */
    uint8_t alert;         /**< fatal alert that was sent; 0: none */
    const char *cause;     /**< cause id when it does not connect; "ok" when it does */
} tlsdiag_simulated_t;

/** All simulated clients on one vhost. */
typedef struct tlsdiag_simulation {
    const tlsdiag_simulated_t *clients; /**< NULL: not simulated */
    uint16_t count;
} tlsdiag_simulation_t;

typedef struct tlsdiag_inventory {
    const tlsdiag_posture_t *const
        *vhosts; /**< vhosts with TLS, in the order of the configuration, which decides for SNI */
    uint16_t vhosts_count;
    const tlsdiag_simulation_t *simulations; /**< one for each vhost; NULL: no simulation */
    const tlsdiag_plain_vhost_t *plain_vhosts;
    uint16_t plain_vhosts_count;
    const tlsdiag_file_t *files; /**< each path once, in the order of strcmp() */
    uint16_t files_count;
    tlsdiag_host_t host;
} tlsdiag_inventory_t;

/** The file with that path; NULL: none, or path is NULL. */
const tlsdiag_file_t *tlsdiag_inventory_file(const tlsdiag_inventory_t *inventory, const char *path);

/** Can a client that connects reach both vhosts at the same address and port, so that the name decides? */
bool tlsdiag_vhosts_share_address(const tlsdiag_posture_t *a, const tlsdiag_posture_t *b);

/**
 * Would every client agree on the same with both, but for the certificate's names: keys of the same kinds, the same
 * versions, suites, groups, signature algorithms, security level and protocols?
 */
bool tlsdiag_vhosts_negotiate_alike(const tlsdiag_posture_t *a, const tlsdiag_posture_t *b);

/** Does the certificate cover the name: dNSName, else iPAddress, and the common name when it has no subjectAltName? */
bool tlsdiag_certificate_serves(const tlsdiag_certificate_t *certificate, const char *name);

#endif
