/** Headers of network packets, read from bytes: what stands before IP, IP itself and the transport header behind it. */
package io.millrace.connectors.packet;
