/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/estimate.h"

#include <stdbool.h>

enum { RANK_AT_MOST = 56 };

/* splitmix64's finalizer (Steele, Lea, Flood, 2014): every input bit reaches every output bit. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Fewer than eight bytes as one number, the first of them its lowest. Where there are four or more, two halves that overlap
 * say the same bytes twice. */
static uint64_t last_word(const char *at, size_t length)
{
    uint64_t word = 0;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && length >= 4) {
        uint32_t low, high;
        memcpy(&low, at, 4);
        memcpy(&high, at + length - 4, 4);
        return low | (uint64_t)high << 8 * (length - 4);
    }
    for (; length > 0; length--) {
        word = word << 8 | (uint8_t)at[length - 1];
    }
    return word;
}

uint64_t tlsdiag_hash(uint64_t seed, const void *bytes, size_t length)
{
    const char *at = bytes;
    uint64_t hash = mix(seed ^ length);
    uint64_t word;
    for (; length >= 8; at += 8, length -= 8) {
        memcpy(&word, at, 8);
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 32;
    }
    return mix(hash ^ last_word(at, length));
}

/* How many zeros there are below the lowest one of the 56 bits that choose no register, plus 1. */
static unsigned rank_of(uint64_t hash)
{
    return hash >> 8 ? (unsigned)__builtin_ctzll(hash >> 8) + 1 : RANK_AT_MOST;
}

void tlsdiag_estimate_add(tlsdiag_cell_t *cells, unsigned registers, uint64_t hash)
{
    unsigned index = (unsigned)hash & (registers - 1);
    unsigned shift = index % 8 * 8;
    uint64_t rank = rank_of(hash);
    tlsdiag_cell_t *cell = &cells[index / 8];
    uint64_t old = tlsdiag_cell_get(cell);
    while ((old >> shift & 0xff) < rank) {
        uint64_t next = (old & ~(UINT64_C(0xff) << shift)) | rank << shift;
        if (atomic_compare_exchange_weak_explicit(cell, &old, next, memory_order_relaxed, memory_order_relaxed)) {
            return;
        }
    }
}

/* Natural logarithm for x >= 1, to some nine digits, without libm: halve to [1, 2], then ln x = 2 artanh((x-1)/(x+1)). */
static double logarithm(double x)
{
    const double ln2 = 0.69314718055994530942;
    double halvings = 0;
    while (x > 2) {
        x /= 2;
        halvings++;
    }
    double t = (x - 1) / (x + 1);
    double power = t;
    double sum = 0;
    for (int odd = 1; power > 1e-10; odd += 2) { /* t is at most a third: ten rounds, and two near 1 */
        sum += power / odd;
        power *= t * t;
    }
    return halvings * ln2 + 2 * sum;
}

static uint64_t rounded(double x)
{
    return (uint64_t)(x + 0.5);
}

/* Of eight registers, those that saw something. */
static unsigned touched_of(uint64_t registers)
{
    const uint64_t low_bits = UINT64_C(0x7f7f7f7f7f7f7f7f), ones = UINT64_C(0x0101010101010101);
    uint64_t top_bits = ((registers & low_bits) + low_bits) | registers; /* of each byte that is not 0 */
    return (unsigned)((top_bits >> 7 & ones) * ones >> 56);
}

static unsigned count_zeros(const tlsdiag_cell_t *cells, unsigned registers)
{
    unsigned touched = 0;
    for (unsigned i = 0; i < registers / 8; i++) {
        uint64_t eight = tlsdiag_cell_get(&cells[i]);
        touched += eight ? touched_of(eight) : 0;
    }
    return registers - touched;
}

static double sum_of(uint64_t registers)
{
    double sum = 0;
    for (unsigned i = 0; i < 8; i++, registers >>= 8) {
        unsigned there = registers & 0xff;
        sum += 1.0 / (double)(UINT64_C(1) << (there < RANK_AT_MOST ? there : RANK_AT_MOST));
    }
    return sum;
}

static double sum_up(const tlsdiag_cell_t *cells, unsigned registers)
{
    double sum = 0;
    for (unsigned i = 0; i < registers / 8; i++) {
        sum += sum_of(tlsdiag_cell_get(&cells[i]));
    }
    return sum;
}

static double bias_of(unsigned registers)
{
    return registers <= 16   ? 0.673
           : registers <= 32 ? 0.697
           : registers <= 64 ? 0.709
                             : 0.7213 / (1 + 1.079 / registers);
}

static uint8_t rank_in(const tlsdiag_cell_t *cells, unsigned index)
{
    return (uint8_t)(tlsdiag_cell_get(&cells[index / 8]) >> index % 8 * 8);
}

/* Small sets are estimated from the registers that saw nothing. Each of those adds 1 to the sum: where there are many the
 * set is small whatever the others add, and most sets are. */
uint64_t tlsdiag_estimate(const tlsdiag_cell_t *cells, unsigned registers)
{
    double m = registers, bias = bias_of(registers), small = 2.5 * m;
    unsigned zeros = count_zeros(cells, registers);
    bool is_small = bias * m * m <= small * zeros;
    double estimate = is_small ? 0 : bias * m * m / sum_up(cells, registers);
    if (is_small || (estimate <= small && zeros > 0)) {
        estimate = m * logarithm(m / zeros);
    }
    return rounded(estimate);
}

void tlsdiag_estimate_merge(tlsdiag_cell_t *into, const tlsdiag_cell_t *cells, unsigned registers)
{
    for (unsigned cell = 0; cell < registers / 8; cell++) {
        uint64_t word = 0;
        for (unsigned i = cell * 8; i < cell * 8 + 8; i++) {
            uint8_t a = rank_in(into, i);
            uint8_t b = rank_in(cells, i);
            word |= (uint64_t)(a > b ? a : b) << i % 8 * 8;
        }
        tlsdiag_cell_set(&into[cell], word);
    }
}
