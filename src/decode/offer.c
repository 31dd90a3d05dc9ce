/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/offer.h"

#include <string.h>

/* The lists that make the offer, each with the length of what is in use. One row serves all three functions. */
#define LISTS(LIST)                                                 \
    LIST(cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT)                 \
    LIST(extensions, TLSDIAG_EXTENSIONS_KEPT)                       \
    LIST(supported_groups, TLSDIAG_GROUPS_KEPT)                     \
    LIST(key_shares, TLSDIAG_KEY_SHARES_KEPT)                       \
    LIST(signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT)      \
    LIST(signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT) \
    LIST(supported_versions, TLSDIAG_VERSIONS_KEPT)                 \
    LIST(compression, TLSDIAG_COMPRESSION_KEPT)                     \
    LIST(psk_modes, TLSDIAG_PSK_MODES_KEPT)                         \
    LIST(point_formats, TLSDIAG_POINT_FORMATS_KEPT)

bool tlsdiag_offer_is_whole(const tlsdiag_client_hello_t *client_hello)
{
    size_t alpn_names = 0;

#define FITS(list, kept)                       \
    if (client_hello->list##_count > (kept)) { \
        return false;                          \
    }
    LISTS(FITS)
#undef FITS
    for (size_t at = 0; at < client_hello->alpn_bytes; at += 1u + client_hello->alpn[at]) {
        alpn_names++;
    }
    return client_hello->complete && !client_hello->malformed[0] && !client_hello->sslv2_format &&
           alpn_names == client_hello->alpn_count;
}

/* The flags that do not follow from the lists. */
static unsigned flags_of(const tlsdiag_client_hello_t *h)
{
    return (unsigned)h->has_extensions | (unsigned)h->has_server_name << 1 | (unsigned)h->has_supported_groups << 2 |
           (unsigned)h->has_key_share << 3 | (unsigned)h->has_signature_algorithms << 4 |
           (unsigned)h->has_supported_versions << 5 | (unsigned)h->has_alpn << 6 | (unsigned)h->status_request << 7 |
           (unsigned)h->pre_shared_key << 8 | (unsigned)h->grease << 9 | (unsigned)h->early_data << 10;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint64_t word;

    for (; length >= sizeof word; length -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = length;
    memcpy(&word, at, length);
    return mix(hash, word);
}

uint64_t tlsdiag_offer_hash(const tlsdiag_client_hello_t *client_hello)
{
    uint64_t hash = mix(flags_of(client_hello), client_hello->legacy_version);

#define MIX(list, kept) \
    hash = mix_bytes(hash, client_hello->list, client_hello->list##_count * sizeof client_hello->list[0]);
    LISTS(MIX)
#undef MIX
    return mix_bytes(hash, client_hello->alpn, client_hello->alpn_bytes);
}

bool tlsdiag_offer_equals(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b)
{
#define SAME(list, kept)                                                                                            \
    if (a->list##_count != b->list##_count || memcmp(a->list, b->list, a->list##_count * sizeof a->list[0]) != 0) { \
        return false;                                                                                               \
    }
    LISTS(SAME)
#undef SAME
    return a->legacy_version == b->legacy_version && flags_of(a) == flags_of(b) && a->alpn_bytes == b->alpn_bytes &&
           memcmp(a->alpn, b->alpn, a->alpn_bytes) == 0;
}
