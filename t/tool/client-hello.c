/* SPDX-License-Identifier: Apache-2.0 */
/* client-hello NAME: a line for each client of src/audit/clients.inc, its name, a tab, and the hex of the ClientHello it
 * would send for the server name NAME. So tests send over the wire what the simulation feeds in memory. */
#include <stdio.h>

#include "audit/clients.h"

int main(int argc, char **argv)
{
    static uint8_t hello[TLSDIAG_HELLO_BYTES];
    for (uint16_t i = 0; argc == 2 && i < tlsdiag_known_clients_count(); i++) {
        const tlsdiag_known_client_t *client = tlsdiag_known_client(i);
        size_t length = tlsdiag_client_hello_write(hello, sizeof hello, client, argv[1], 0);
        printf("%s\t", client->name);
        for (size_t at = 0; at < length; at++) {
            printf("%02x", hello[at]);
        }
        printf("\n");
    }
    return argc == 2 ? 0 : 2;
}
