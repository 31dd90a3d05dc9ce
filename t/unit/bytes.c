/* SPDX-License-Identifier: Apache-2.0 */
/* base/bytes.h: a reader never leaves its bytes, and after one short read it gives nothing more. */
#include "base/bytes.h"

#include "tap.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06 };

static void reads_numbers_big_endian(void)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(bytes, sizeof bytes));
    is_int(tlsdiag_read_u8(&in), 0x01, "u8");
    is_int(tlsdiag_read_u16(&in), 0x0203, "u16");
    is_int((int64_t)tlsdiag_offset(&in), 3, "offset counts what was read");
    is_int(tlsdiag_read_u24(&in), 0x040506, "u24");
    is_int((int64_t)tlsdiag_remaining(&in), 0, "nothing remains");
    ok(!in.failed, "reading to the very end is no failure");
}

static void short_read_fails_for_good(void)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(bytes, 3));
    tlsdiag_read_u16(&in);
    is_int(tlsdiag_read_u16(&in), 0, "a number beyond the end is 0");
    ok(in.failed, "... and the reader has failed");
    is_int((int64_t)in.failed_at, 2, "... where that read began");
    is_int(tlsdiag_read_u8(&in), 0, "a later read gives nothing, although one byte was left");
    is_int((int64_t)tlsdiag_remaining(&in), 0, "... and nothing remains");
    is_int((int64_t)in.failed_at, 2, "... and the place of the first failure stays");
    is_int((int64_t)tlsdiag_offset(&in), 2, "... and is the offset");
}

static void reads_vectors(void)
{
    static const uint8_t vectors[] = { 1, 0xaa, 0, 2, 0xbb, 0xcc, 0, 0, 1, 0xdd, 9, 0xee };
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(vectors, sizeof vectors));
    is_int((int64_t)tlsdiag_read_vector(&in, 1).length, 1, "length in one byte");
    tlsdiag_bytes_t two = tlsdiag_read_vector(&in, 2);
    ok(two.length == 2 && two.at[0] == 0xbb, "length in two bytes");
    is_int((int64_t)tlsdiag_read_vector(&in, 3).length, 1, "length in three bytes");
    tlsdiag_bytes_t lying = tlsdiag_read_vector(&in, 1);
    ok(lying.length == 0 && in.failed, "a length beyond the end gives an empty run and a failed reader");
}

static void empty_run(void)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(NULL, 0));
    is_int((int64_t)tlsdiag_remaining(&in), 0, "an empty run has nothing");
    is_int((int64_t)tlsdiag_read(&in, 0).length, 0, "reading nothing of it");
    ok(!in.failed, "... is no failure");
    tlsdiag_read_u8(&in);
    ok(in.failed && in.failed_at == 0, "reading a byte of it is");
}

int main(void)
{
    reads_numbers_big_endian();
    short_read_fails_for_good();
    reads_vectors();
    empty_run();
    return done_testing();
}
