/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"
#include "decode/extension_body.h"
#include "decode/extensions.h"
#include "iana/iana.h"

enum { HEAD_BYTES = 4 }; /* ExtensionType extension_type; and the length of extension_data (RFC 8446 4.2) */

static void mark_extension_malformed(tlsdiag_client_hello_t *client_hello, uint16_t type, size_t offset)
{
    char text[sizeof client_hello->malformed];
    tlsdiag_writer_t name = tlsdiag_writer(text, sizeof text);
    tlsdiag_write_code(&name, type, tlsdiag_iana_extension_name(type));
    tlsdiag_client_hello_mark_malformed(client_hello, tlsdiag_writer_text(&name), offset);
}

static void decode_extension(tlsdiag_client_hello_t *client_hello, uint16_t type, tlsdiag_bytes_t bytes, size_t offset,
                             bool cut)
{
    tlsdiag_extension_decoder_t *decode = tlsdiag_extension_decoder(type);
    if (!decode) {
        return;
    }
    tlsdiag_body_t body = { tlsdiag_reader(bytes), cut };
    decode(client_hello, &body);
    if (body.in.at != body.in.end) {
        tlsdiag_refuse(&body, body.in.at);
    }
    if (body.in.failed && !cut) {
        mark_extension_malformed(client_hello, type, offset + body.in.failed_at);
    }
}

/* RFC 8446 4.2: "There MUST NOT be more than one extension of the same type in a given extension block." */
static bool came_before(const tlsdiag_client_hello_t *client_hello, uint16_t type, uint64_t *types_seen)
{
    uint64_t bit = UINT64_C(1) << (type & 63);
    bool maybe = *types_seen & bit;
    *types_seen |= bit;
    if (!maybe || client_hello->extensions_count > TLSDIAG_EXTENSIONS_KEPT) {
        return false; /* beyond what is kept it is not looked for: no work that grows with the square of the input */
    }
    for (size_t i = 0; i < client_hello->extensions_count; i++) {
        if (client_hello->extensions[i] == type) {
            return true;
        }
    }
    return false;
}

static void keep_type(tlsdiag_client_hello_t *client_hello, uint16_t type)
{
    tlsdiag_keep_code(client_hello->extensions, TLSDIAG_EXTENSIONS_KEPT, &client_hello->extensions_count, type);
    if (tlsdiag_iana_is_grease(type)) {
        client_hello->grease = true;
    }
}

bool tlsdiag_extensions_decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t block, size_t offset,
                               size_t missing)
{
    uint64_t types_seen = 0;
    size_t next;
    for (size_t at = 0; at < block.length; at = next) {
        const uint8_t *head = block.at + at;
        size_t came = block.length - at;
        if (came < HEAD_BYTES && came + missing >= HEAD_BYTES) {
            return true;
        }
        size_t length = came < HEAD_BYTES ? HEAD_BYTES : (size_t)(HEAD_BYTES + (head[2] << 8 | head[3]));
        if (length > came + missing) {
            tlsdiag_client_hello_mark_malformed(client_hello, "extensions", offset + at);
            return false;
        }
        uint16_t type = (uint16_t)(head[0] << 8 | head[1]);
        bool again = came_before(client_hello, type, &types_seen);
        bool out_of_place = type == TLSDIAG_PRE_SHARED_KEY && length < came + missing;
        keep_type(client_hello, type);
        if (again || out_of_place) {
            mark_extension_malformed(client_hello, type, offset + at);
        }
        next = at + (length < came ? length : came);
        if (!again) {
            decode_extension(client_hello, type, tlsdiag_bytes(head + HEAD_BYTES, next - at - HEAD_BYTES),
                             offset + at + HEAD_BYTES, length > came);
        }
    }
    return true;
}
