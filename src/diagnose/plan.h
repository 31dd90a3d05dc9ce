/* SPDX-License-Identifier: Apache-2.0 */
/**
 * plan.h knows the smallest change of a vhost's configuration that closes every gap to one client at once: version, cipher
 * suite, group, signature algorithm, security level. It refuses to plan what needs a file the server has not got, such as
 * another certificate, and to let broken cipher suites or SSLv3 in.
 */
#ifndef TLSDIAG_DIAGNOSE_PLAN_H
#define TLSDIAG_DIAGNOSE_PLAN_H

#include "diagnose/gap.h"

struct tlsdiag_scene;

typedef struct tlsdiag_plan {
    bool possible;          /**< with these changes the client gets in; without it nothing below counts */
    uint16_t version;       /**< at which they meet, wire value */
    bool add_version;       /**< it must be added to SSLProtocol */
    uint16_t suite;         /**< that they can use */
    bool add_suite;         /**< it must be added to SSLCipherSuite */
    uint16_t add_group;     /**< 0: none is missing */
    uint16_t add_signature; /**< 0: none is missing */
    int lower_level_to;     /**< security level that the above needs; -1: the level may stay as it is */
} tlsdiag_plan_t;

/**
 * The plan for the client of a scene, which keeps it as scene->plan.
 *
 * Shape    the scene is set but for its plan; without a known gap nothing is possible.
 */
tlsdiag_plan_t tlsdiag_plan_make(const struct tlsdiag_scene *scene);

/** The plan by which this client, which was answered already, would be answered with ECDHE instead. */
tlsdiag_plan_t tlsdiag_plan_for_ecdhe(const struct tlsdiag_scene *scene);

#endif
