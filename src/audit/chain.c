/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

static const tlsdiag_certificate_t *leaf_of(const tlsdiag_scene_t *scene)
{
    return &scene->chain->certificates[0];
}

static int64_t now(const tlsdiag_scene_t *scene)
{
    return scene->inventory->host.now;
}

static bool lacks_issuer(const tlsdiag_scene_t *scene)
{
    const tlsdiag_chain_t *chain = scene->chain;
    return !chain->complete && chain->missing_issuer != NULL && !chain->wrong_order;
}

static bool intermediate_missing_but_at_hand(tlsdiag_scene_t *scene)
{
    if (!lacks_issuer(scene) || !scene->chain->missing_is_intermediate || scene->chain->missing_found_in == NULL) {
        return false;
    }
    tlsdiag_see(scene, scene->chain->missing_found_in);
    return true;
}

/* Roots sign intermediates, which sign servers' certificates and say where they can be fetched themselves. A leaf whose
 * issuer is no known root, not sent and fetchable lacks its intermediate. */
static bool intermediate_missing(tlsdiag_scene_t *scene)
{
    const tlsdiag_certificate_t *leaf = leaf_of(scene);
    bool left_out = !scene->chain->issuer_sent && !leaf->self_issued;
    return lacks_issuer(scene) && !intermediate_missing_but_at_hand(scene) &&
           (scene->chain->missing_is_intermediate || (left_out && leaf->issuer_url != NULL));
}

static bool issuer_may_be_a_root(tlsdiag_scene_t *scene)
{
    return lacks_issuer(scene) && !intermediate_missing(scene) && !intermediate_missing_but_at_hand(scene);
}

/* Nothing here tells a private root, which clients have, from an intermediate, which they lack. */
static bool leaf_of_unknown_issuer(tlsdiag_scene_t *scene)
{
    return issuer_may_be_a_root(scene) && !scene->chain->issuer_sent;
}

static bool intermediate_of_unknown_issuer(tlsdiag_scene_t *scene)
{
    return issuer_may_be_a_root(scene) && scene->chain->issuer_sent;
}

static bool wrong_order(tlsdiag_scene_t *scene)
{
    for (uint16_t i = 0; scene->chain->wrong_order && i < scene->chain->count; i++) {
        tlsdiag_see(scene, scene->chain->certificates[i].subject);
    }
    return scene->chain->wrong_order;
}

static bool root_sent(tlsdiag_scene_t *scene)
{
    if (scene->chain->root_sent) {
        tlsdiag_see(scene, scene->chain->certificates[scene->chain->count - 1].subject);
    }
    return scene->chain->root_sent;
}

static bool issued_one_that_was_sent(const tlsdiag_chain_t *chain, const char *subject)
{
    for (uint16_t i = 0; i < chain->count; i++) {
        if (!chain->certificates[i].self_issued && strcmp(chain->certificates[i].issuer, subject) == 0) {
            return true;
        }
    }
    return false;
}

static bool unrelated_certificate(tlsdiag_scene_t *scene)
{
    for (uint16_t i = 1; i < scene->chain->count; i++) {
        if (!issued_one_that_was_sent(scene->chain, scene->chain->certificates[i].subject)) {
            tlsdiag_see(scene, scene->chain->certificates[i].subject);
        }
    }
    return scene->seen.length > 0;
}

/* A root's own dates and signature are nobody's business: clients take roots from their store. */
static bool is_root(const tlsdiag_certificate_t *certificate)
{
    return certificate->self_signed;
}

static bool authority_expired(tlsdiag_scene_t *scene)
{
    return !is_root(scene->certificate) && scene->certificate->not_after <= now(scene);
}

static bool sent_root_expired(tlsdiag_scene_t *scene)
{
    return is_root(scene->certificate) && scene->certificate->not_after <= now(scene);
}

static bool authority_expires_soon(tlsdiag_scene_t *scene)
{
    return !is_root(scene->certificate) && scene->certificate->not_after > now(scene) &&
           tlsdiag_warn_from(scene->certificate, scene->limit) <= now(scene);
}

static bool authority_weakly_signed(tlsdiag_scene_t *scene)
{
    tlsdiag_hash_t hash = scene->certificate->signature_hash;
    return !is_root(scene->certificate) && (hash == TLSDIAG_HASH_MD5 || hash == TLSDIAG_HASH_SHA1);
}

static bool authority_key_too_small(tlsdiag_scene_t *scene)
{
    tlsdiag_key_type_t type = scene->certificate->key_type;
    return (type == TLSDIAG_KEY_RSA || type == TLSDIAG_KEY_RSA_PSS) && scene->certificate->key_bits < scene->limit;
}

static bool authority_is_none(tlsdiag_scene_t *scene)
{
    return !scene->certificate->is_ca && issued_one_that_was_sent(scene->chain, scene->certificate->subject);
}

static bool name_constraints_violated(tlsdiag_scene_t *scene)
{
    return scene->certificate->name_constraints_violated;
}

static bool larger_than_a_record(tlsdiag_scene_t *scene)
{
    return scene->chain->message_bytes > scene->limit;
}

static const tlsdiag_check_t rows[] = {
#include "audit/chain.inc"
};

const tlsdiag_checks_t tlsdiag_chain_checks = { rows, sizeof rows / sizeof rows[0] };
