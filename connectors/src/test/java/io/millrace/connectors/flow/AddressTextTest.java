package io.millrace.connectors.flow;

import java.net.InetAddress;
import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "198.51.100.10, 198.51.100.10",
        "::ffff:198.51.100.10, 198.51.100.10",
        "::FFFF:c633:640a, 198.51.100.10",
        "0:0:0:0:0:ffff:c633:640a, 198.51.100.10",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0db8::0001, 2001:db8::1",
        "::1, ::1",
        "::, ::",
        "::c633:640a, ::c633:640a",
        "fe80::1%eth0, fe80::1",
        "FE80::1%25, fe80::1",
    })
    void everyWayOfWritingAnAddressBecomesOne(String written, String text) throws Exception {
        assertThat(AddressText.normalise(written)).isEqualTo(text);
        if (written.indexOf('%') < 0) {
            assertThat(AddressText.of(InetAddress.getByName(written))).isEqualTo(text);
        }
    }

    @Test
    void bytesOfAMappedAddressAreThatOfTheHost() {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        bytes.putShort(13, (short) 0xffff).putInt(15, 0xc633640a);
        assertThat(AddressText.ipv6(bytes, 3)).isEqualTo("198.51.100.10");
        assertThat(AddressText.ipv4(bytes, 15)).isEqualTo("198.51.100.10");
        bytes.putShort(13, (short) 0xfffe);
        assertThat(AddressText.ipv6(bytes, 3)).isEqualTo("::fffe:c633:640a");
    }

    @ParameterizedTest
    @CsvSource({"host.example", "198.51.100", "198.51.100.10%eth0", "1:2:3", "''", "%eth0"})
    void whatIsNoNumericAddressIsRefused(String text) {
        assertThatThrownBy(() -> AddressText.normalise(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
