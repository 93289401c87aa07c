package io.millrace.connectors.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PicturesTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    /** Quarters: red, green, blue and white, from the upper left on. */
    private static BufferedImage quarters(int type) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        Graphics2D graphics = image.createGraphics();
        Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
        for (int i = 0; i < 4; i++) {
            graphics.setColor(colours[i]);
            graphics.fillRect(i % 2 * WIDTH / 2, i / 2 * HEIGHT / 2, WIDTH / 2, HEIGHT / 2);
        }
        graphics.dispose();
        return image;
    }

    private static byte[] coded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    private static int[] at(Picture picture, int x, int y) {
        int from = 3 * (y * picture.width() + x);
        return new int[] {picture.rgb()[from] & 0xff, picture.rgb()[from + 1] & 0xff, picture.rgb()[from + 2] & 0xff};
    }

    private static void assertColour(Picture picture, int x, int y, int red, int green, int blue) {
        int[] found = at(picture, x, y);
        assertThat(Math.max(Math.abs(found[0] - red), Math.max(Math.abs(found[1] - green), Math.abs(found[2] - blue))))
                .as("colour %s at %d, %d", Arrays.toString(found), x, y)
                .isLessThan(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif", "tiff"})
    void everyFormIsRead(String format) throws IOException {
        Picture picture = Pictures.decode(coded(quarters(BufferedImage.TYPE_INT_RGB), format));
        assertThat(picture.width()).isEqualTo(WIDTH);
        assertThat(picture.height()).isEqualTo(HEIGHT);
        assertColour(picture, 5, 5, 255, 0, 0);
        assertColour(picture, WIDTH - 6, 5, 0, 255, 0);
        assertColour(picture, 5, HEIGHT - 6, 0, 0, 255);
        assertColour(picture, WIDTH - 6, HEIGHT - 6, 255, 255, 255);
    }

    @Test
    void aSizeIsReachedByMeansOfWhatIsCovered() throws IOException {
        BufferedImage stripes = new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 128; y++) {
            for (int x = 0; x < 128; x++) {
                stripes.setRGB(x, y, x % 2 == 0 ? 0xffffff : 0);
            }
        }
        Picture picture = Pictures.decode(coded(stripes, "png"), 16, 8);
        assertThat(picture.width()).isEqualTo(16);
        assertThat(picture.height()).isEqualTo(8);
        assertThat(picture.sourceWidth()).isEqualTo(128);
        assertColour(picture, 8, 4, 128, 128, 128);
        Picture larger = Pictures.decode(coded(quarters(BufferedImage.TYPE_INT_RGB), "png"), 256, 256);
        assertColour(larger, 30, 30, 255, 0, 0);
        assertColour(larger, 220, 220, 255, 255, 255);
    }

    @Test
    void greyAndSixteenBitsBecomeColours() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            BufferedImage grey = new BufferedImage(32, 32, type);
            for (int i = 0; i < 32 * 32; i++) {
                int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65_535;
                grey.getRaster().setSample(i % 32, i / 32, 0, i % 32 < 16 ? most / 4 : most);
            }
            Picture picture = Pictures.decode(coded(grey, "png"));
            assertColour(picture, 4, 4, 64, 64, 64);
            assertColour(picture, 28, 28, 255, 255, 255);
        }
    }

    /** The places of the red and the blue quarter once the picture is upright, by EXIF's orientation. */
    @ParameterizedTest
    @CsvSource({
        "1, 5, 5, 5, 42",
        "2, 58, 5, 58, 42",
        "3, 58, 42, 58, 5",
        "4, 5, 42, 5, 5",
        "5, 5, 5, 42, 5",
        "6, 42, 5, 5, 5",
        "7, 42, 58, 5, 58",
        "8, 5, 58, 42, 58"
    })
    void whatExifSaysOfTurningIsDone(int orientation, int redX, int redY, int blueX, int blueY) throws IOException {
        byte[] jpeg = coded(quarters(BufferedImage.TYPE_INT_RGB), "jpg");
        ByteBuffer exif = ByteBuffer.allocate(36);
        exif.putShort((short) 0xffe1).putShort((short) 34).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        exif.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0).putInt(0);
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        turned.write(jpeg, 0, 2);
        turned.write(exif.array());
        turned.write(jpeg, 2, jpeg.length - 2);
        Picture picture = Pictures.decode(turned.toByteArray());
        assertThat(picture.width()).isEqualTo(orientation < 5 ? WIDTH : HEIGHT);
        assertColour(picture, redX, redY, 255, 0, 0);
        assertColour(picture, blueX, blueY, 0, 0, 255);
        Picture small = Pictures.decode(turned.toByteArray(), 32, 32);
        assertColour(small, redX * 32 / picture.width(), redY * 32 / picture.height(), 255, 0, 0);
    }

    @Test
    void whatIsNoPictureIsRefusedByItsBeginning() {
        assertThatThrownBy(() -> Pictures.decode("not a picture".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(MediaFormatException.class)
                .hasMessage("no picture that is read: 13 bytes, which begin with 6e 6f 74 20");
        assertThatThrownBy(() -> Pictures.decode(new byte[0])).hasMessage("no picture that is read: 0 bytes");
    }

    @Test
    void aPictureThatEndsTooSoonIsDamaged() throws IOException {
        for (String format : new String[] {"jpg", "png"}) {
            byte[] whole = coded(quarters(BufferedImage.TYPE_INT_RGB), format);
            assertThatThrownBy(() -> Pictures.decode(Arrays.copyOf(whole, whole.length / 2)))
                    .as(format)
                    .isInstanceOf(MediaFormatException.class)
                    .hasMessageContaining("damaged picture");
        }
    }

    @Test
    void anAbsurdSizeIsRefusedBeforeAnythingIsMadeForIt() throws IOException {
        byte[] png = coded(quarters(BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer head = ByteBuffer.wrap(png);
        head.putInt(16, 100_000).putInt(20, 100_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        head.putInt(29, (int) crc.getValue());
        assertThatThrownBy(() -> Pictures.decode(png)).isInstanceOf(MediaFormatException.class);
        head.putInt(16, 0);
        crc.reset();
        crc.update(png, 12, 17);
        head.putInt(29, (int) crc.getValue());
        assertThatThrownBy(() -> Pictures.decode(png)).isInstanceOf(MediaFormatException.class);
        assertThatThrownBy(() -> Pictures.decode(png, 100_000, 100_000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedPicturesAreReadOrRefused() throws IOException {
        Random random = new Random(12);
        int refused = 0;
        int rounds = 0;
        for (String format : new String[] {"png", "jpg", "bmp", "gif", "tiff"}) {
            byte[] whole = coded(quarters(BufferedImage.TYPE_INT_RGB), format);
            for (int round = 0; round < 300; round++, rounds++) {
                byte[] bytes =
                        random.nextInt(6) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                try {
                    Picture picture = Pictures.decode(bytes, 32, 32);
                    assertThat(picture.rgb()).hasSize(3 * 32 * 32);
                } catch (MediaFormatException expected) {
                    refused++;
                    assertThat(expected.getMessage()).isNotEmpty();
                }
            }
        }
        assertThat(refused).isBetween(rounds / 20, rounds - 1);
    }
}
