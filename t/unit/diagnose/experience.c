/* SPDX-License-Identifier: Apache-2.0 */
/* "This client or everybody?" in one sentence, and nothing when nothing was counted. */
#include "handshake.h"

#include "diagnose/experience.h"

static const struct {
    const char *name;
    tlsdiag_experience_t seen;
    bool fingerprint_unknown;
    const char *sentence;
} rows[] = {
    { "nothing counted", { .since_us = 1 }, false, "" },
    { "statistics are off", { .vhost_successes = 5 }, false, "" },
    { "everybody fails",
      { .since_us = NOW * 1000000, .vhost_failures = 12, .cause_failures = 12, .cause_clients = 9 },
      false,
      "Since 2024-10-04T00:00:00Z on this vhost: 12 failures like this from about 9 clients, 0 successes; nobody has succeeded "
      "here: look at this server." },
    { "the only client fails",
      { .since_us = NOW * 1000000, .vhost_failures = 1, .cause_failures = 1, .cause_clients = 1 },
      false,
      "Since 2024-10-04T00:00:00Z on this vhost: 1 failure like this from about 1 client, 0 successes; nobody has succeeded here "
      "yet." },
    { "this client fails",
      { .since_us = NOW * 1000000,
        .cause_failures = 1,
        .cause_clients = 1,
        .vhost_successes = 328,
        .fingerprint_successes = 55 },
      false,
      "Since 2024-10-04T00:00:00Z on this vhost: 1 failure like this from about 1 client, 328 successes; the same kind of client "
      "(JA4) succeeded 55 times: look at this client or its network." },
    { "this kind of client fails",
      { .since_us = NOW * 1000000, .cause_failures = 3, .vhost_successes = 1, .address_successes = 1 },
      false,
      "Since 2024-10-04T00:00:00Z on this vhost: 3 failures like this, 1 success; its network succeeded 1 time on this server, "
      "with other kinds of client: look at this kind." },
    { "an unknown kind fails",
      { .since_us = NOW * 1000000, .cause_failures = 0, .vhost_successes = 7 },
      false,
      "Since 2024-10-04T00:00:00Z on this vhost: the first failure like this, 7 successes; this kind of client never succeeded "
      "here." },
    { "a client without a fingerprint fails",
      { .since_us = NOW * 1000000, .cause_failures = 2, .vhost_successes = 7, .address_successes = 7 },
      true,
      "Since 2024-10-04T00:00:00Z on this vhost: 2 failures like this, 7 successes." },
};

int main(void)
{
    for (unsigned i = 0; i < COUNT(rows); i++) {
        char text[400];
        tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
        tlsdiag_experience_write(&out, &rows[i].seen, !rows[i].fingerprint_unknown);
        is_str(tlsdiag_writer_text(&out), rows[i].sentence, rows[i].name);
    }
    char small[60];
    tlsdiag_writer_t out = tlsdiag_writer(small, sizeof small);
    tlsdiag_write(&out, "Advice.");
    tlsdiag_experience_write(&out, &rows[2].seen, true);
    is_str(tlsdiag_writer_text(&out), "Advice.", "half a sentence is none");

    static tlsdiag_diagnosis_t diagnosis;
    begin();
    client_says(40);
    we_answer(0x0304);
    experience = rows[4].seen;
    tlsdiag_diagnose(&diagnosis, &facts, vhost, &experience);
    ok(strstr(diagnosis.advice, "328 successes") != NULL, "the sentence stands at the end of the advice");
    begin();
    first_bytes("GET / HTTP/1.1\r\n\r\n", 18);
    experience = rows[4].seen;
    tlsdiag_diagnose(&diagnosis, &facts, vhost, &experience);
    ok(strstr(diagnosis.advice, "328 successes") == NULL, "but not where it is noise");
    return done_testing();
}
