/* SPDX-License-Identifier: Apache-2.0 */
/**
 * scene.h knows all that the rules look at, put together once for each handshake: the records, and what follows from them
 * without judging (which alert ended it, OpenSSL's reason, the gap, the health of what we sent).
 * It refuses to name a cause.
 */
#ifndef TLSDIAG_DIAGNOSE_SCENE_H
#define TLSDIAG_DIAGNOSE_SCENE_H

#include "decode/first_bytes.h"
#include "diagnose/diagnosis.h"
#include "diagnose/gap.h"
#include "diagnose/health.h"
#include "diagnose/plan.h"

typedef struct tlsdiag_scene {
    const tlsdiag_facts_t *facts;
    const tlsdiag_posture_t *posture; /**< never NULL: an empty one stands in for an unknown vhost */
    uint64_t revoked_reports;         /**< of tlsdiag_experience_t */
    tlsdiag_protocol_t protocol;      /**< of the first bytes */
    const tlsdiag_alert_t *received;  /**< the client's alert that ended it; NULL: none did */
    const tlsdiag_alert_t *sent;      /**< our alert that ended it; NULL: none did */
    uint32_t reason; /**< first reason of OpenSSL's SSL library; 0: none, or only "record layer failure" */
    bool closed, reset, timed_out; /**< how the transport ended, when no alert did */
    tlsdiag_leaving_t leaving;     /**< how the client left after our flight */
    tlsdiag_gap_t gap;             /**< known only when no ServerHello was sent */
    tlsdiag_health_t health;       /**< empty unless our flight was sent */
    tlsdiag_complaint_t complaint; /**< what explains how the client left */
    bool complaint_is_one_of_many; /**< something else would explain it as well */
    tlsdiag_plan_t plan;           /**< what would let this client in; only when we refused its offer */
} tlsdiag_scene_t;

/**
 * Put the scene together.
 *
 * Writes   all of *scene, which then points into facts and posture.
 * Shape    posture may be NULL.
 */
void tlsdiag_scene_set(tlsdiag_scene_t *scene, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                       uint64_t revoked_reports);

#endif
