/* SPDX-License-Identifier: Apache-2.0 */
/* A recording that was used before by another client starts as empty as a fresh one, though not all of it is cleared each time. */
#include "collect/handshake.h"

#include <string.h>

#include "tap.h"

/* All that is known of an earlier client: every byte is set, and what says so is as collect/ leaves it. */
static void fill(tlsdiag_facts_t *facts)
{
    memset(facts, 0xaa, sizeof *facts);
    facts->first_bytes_length = TLSDIAG_FIRST_BYTES_KEPT;
    facts->openssl_errors_count = TLSDIAG_OPENSSL_ERRORS_KEPT;
    facts->verification.failed.present = facts->client_certificate.present = true;
}

static size_t bytes_left(const tlsdiag_facts_t *facts)
{
    tlsdiag_facts_t copy = *facts;
    size_t left = 0;

    copy.started_us = copy.ended_us = 0;
    copy.timing.total_us = 0;
    copy.ended_by = TLSDIAG_ENDED_NOT;
    for (size_t i = 0; i < sizeof copy; i++) {
        left += ((const unsigned char *)&copy)[i] != 0;
    }
    return left;
}

static size_t left_when_told;
static const tlsdiag_recording_t *told;

static void on_outcome(tlsdiag_observer_t *observer, tlsdiag_recording_t *recording)
{
    (void)observer;
    recording->facts.established = false; /* which a second recording begins with */
    recording->facts.stage = TLSDIAG_CONNECTED;
    left_when_told = bytes_left(&recording->facts);
    told = recording;
}

static void give_back_filled(tlsdiag_recording_t *recording)
{
    fill(&recording->facts);
    tlsdiag_recording_free(recording);
}

int main(void)
{
    tlsdiag_observer_t observer = { .outcome = on_outcome, .told = true };

    tlsdiag_recordings_open();
    tlsdiag_recording_t *first = tlsdiag_recording_make();
    is_int((int64_t)bytes_left(&first->facts), 0, "a fresh one is empty");
    give_back_filled(first);

    tlsdiag_recording_t *second = tlsdiag_recording_make();
    ok(second == first, "its memory is used again");
    is_int((int64_t)bytes_left(&second->facts), 0, "and empty again");
    give_back_filled(second);

    tlsdiag_observer_record_again(&observer);
    tlsdiag_observer_conclude(&observer, TLSDIAG_ENDED_FINISHED);
    ok(told == first, "an observer that heard no ClientHello has the same memory");
    is_int((int64_t)left_when_told, 0, "and tells of nothing");
    tlsdiag_recordings_free();
    return done_testing();
}
