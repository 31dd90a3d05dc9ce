/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/offer.h"

#include <string.h>

#include "iana/iana.h"

/* The lists that make the offer, beside extensions, each with what is kept of it: code points, of which some may be GREASE,
 * and bytes. One row serves all three functions. */
#define CODE_LISTS(LIST)                                            \
    LIST(cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT)                 \
    LIST(supported_groups, TLSDIAG_GROUPS_KEPT)                     \
    LIST(key_shares, TLSDIAG_KEY_SHARES_KEPT)                       \
    LIST(signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT)      \
    LIST(signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT) \
    LIST(supported_versions, TLSDIAG_VERSIONS_KEPT)
#define BYTE_LISTS(LIST)                        \
    LIST(compression, TLSDIAG_COMPRESSION_KEPT) \
    LIST(psk_modes, TLSDIAG_PSK_MODES_KEPT)     \
    LIST(point_formats, TLSDIAG_POINT_FORMATS_KEPT)

enum { ANY_GREASE = 0x0a0a };

bool tlsdiag_offer_is_whole(const tlsdiag_client_hello_t *client_hello)
{
    size_t alpn_names = 0;

#define FITS(list, kept)                       \
    if (client_hello->list##_count > (kept)) { \
        return false;                          \
    }
    FITS(extensions, TLSDIAG_EXTENSIONS_KEPT)
    CODE_LISTS(FITS)
    BYTE_LISTS(FITS)
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

/* All GREASE values as one. */
static inline uint16_t blind(uint16_t code)
{
    return tlsdiag_iana_is_grease(code) ? ANY_GREASE : code;
}

static inline uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_codes(uint64_t hash, const uint16_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = mix(hash, blind(codes[i]));
    }
    return mix(hash, count);
}

static uint64_t mix_in_any_order(uint64_t hash, const uint16_t *codes, size_t count)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += mix(count, blind(codes[i]));
    }
    return mix(hash, sum);
}

static uint64_t mix_bytes(uint64_t hash, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        hash = mix(hash, bytes[i]);
    }
    return mix(hash, length);
}

uint64_t tlsdiag_offer_hash(const tlsdiag_client_hello_t *client_hello)
{
    uint64_t hash = mix(flags_of(client_hello), client_hello->legacy_version);

    hash = mix_in_any_order(hash, client_hello->extensions, client_hello->extensions_count);
#define MIX(list, kept) hash = mix_codes(hash, client_hello->list, client_hello->list##_count);
    CODE_LISTS(MIX)
#undef MIX
#define MIX(list, kept) hash = mix_bytes(hash, client_hello->list, client_hello->list##_count);
    BYTE_LISTS(MIX)
#undef MIX
    return mix_bytes(hash, client_hello->alpn, client_hello->alpn_bytes);
}

/* Two lists as long as each other. */
static tlsdiag_offer_match_t match_codes(const uint16_t *a, const uint16_t *b, size_t count)
{
    if (memcmp(a, b, count * sizeof *a) == 0) {
        return TLSDIAG_OFFER_SAME;
    }
    for (size_t i = 0; i < count; i++) {
        if (blind(a[i]) != blind(b[i])) {
            return TLSDIAG_OFFER_ANOTHER;
        }
    }
    return TLSDIAG_OFFER_REGREASED;
}

/* Each of a's is taken once from b's. */
static bool is_reordered(const uint16_t *a, const uint16_t *b, size_t count)
{
    uint16_t left[TLSDIAG_EXTENSIONS_KEPT];

    for (size_t i = 0; i < count; i++) {
        left[i] = blind(b[i]);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = 0, last = count - 1 - i;
        for (uint16_t code = blind(a[i]); at < last && left[at] != code; at++) {
        }
        if (left[at] != blind(a[i])) {
            return false;
        }
        left[at] = left[last];
    }
    return true;
}

static tlsdiag_offer_match_t match_extensions(const uint16_t *a, const uint16_t *b, size_t count)
{
    tlsdiag_offer_match_t match = match_codes(a, b, count);

    return match == TLSDIAG_OFFER_ANOTHER && is_reordered(a, b, count) ? TLSDIAG_OFFER_REORDERED : match;
}

static bool lists_are_as_long(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b)
{
    bool are = a->extensions_count == b->extensions_count && a->alpn_bytes == b->alpn_bytes;

#define SAME(list, kept) are = are && a->list##_count == b->list##_count;
    CODE_LISTS(SAME)
    BYTE_LISTS(SAME)
#undef SAME
    return are;
}

tlsdiag_offer_match_t tlsdiag_offer_match(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b)
{
    if (a->legacy_version != b->legacy_version || flags_of(a) != flags_of(b) || !lists_are_as_long(a, b) ||
        memcmp(a->alpn, b->alpn, a->alpn_bytes) != 0) {
        return TLSDIAG_OFFER_ANOTHER;
    }
#define SAME(list, kept)                                  \
    if (memcmp(a->list, b->list, a->list##_count) != 0) { \
        return TLSDIAG_OFFER_ANOTHER;                     \
    }
    BYTE_LISTS(SAME)
#undef SAME
    tlsdiag_offer_match_t worst = match_extensions(a->extensions, b->extensions, a->extensions_count), match;
#define MATCH(list, kept)                                   \
    match = match_codes(a->list, b->list, a->list##_count); \
    worst = match < worst ? match : worst;
    CODE_LISTS(MATCH)
#undef MATCH
    return worst;
}
