package io.millrace.models.intrusion.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlowTablesTest {

    private static final String KDD =
            "0,tcp,ftp_data,SF,491,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,2,2,0.00,0.00,0.00,0.00,1.00,0.00,0.00,150,25,0.17,"
                    + "0.03,0.17,0.00,0.00,0.00,0.05,0.00,";
    private static final String STREAM_HEADER =
            "srcip,sport,dstip,dsport,proto,state,dur,sbytes,dbytes,sttl,dttl,sloss,dloss,service,Sload,Dload,Spkts,Dpkts,"
                    + "swin,dwin,stcpb,dtcpb,smeansz,dmeansz,trans_depth,res_bdy_len,Sjit,Djit,Stime,Ltime,Sintpkt,Dintpkt,"
                    + "tcprtt,synack,ackdat,is_sm_ips_ports,ct_state_ttl,ct_flw_http_mthd,is_ftp_login,ct_ftp_cmd,"
                    + "ct_srv_src,ct_srv_dst,ct_dst_ltm,ct_src_ ltm,ct_src_dport_ltm,ct_dst_sport_ltm,ct_dst_src_ltm,"
                    + "attack_cat,Label";
    private static final String STREAM =
            "192.0.2.1,1390,192.0.2.9,53,udp,CON,0.5,132,164,31,29,0,0,dns,500473.9,621800.9,2,2,0,0,0,0,66,82,0,0,0,0,"
                    + "1421927413,1421927414,0.017,0.013,0,0,0,0,0,,,0,3,7,1,3,1,1,1,";
    private static final String PARTITION_HEADER =
            "id,dur,proto,service,state,spkts,dpkts,sbytes,dbytes,rate,sttl,dttl,sload,dload,sloss,dloss,sinpkt,dinpkt,sjit,"
                    + "djit,swin,stcpb,dtcpb,dwin,tcprtt,synack,ackdat,smean,dmean,trans_depth,response_body_len,ct_srv_src,"
                    + "ct_state_ttl,ct_dst_ltm,ct_src_dport_ltm,ct_dst_sport_ltm,ct_dst_src_ltm,is_ftp_login,ct_ftp_cmd,"
                    + "ct_flw_http_mthd,ct_src_ltm,ct_srv_dst,is_sm_ips_ports,attack_cat,label";
    private static final String PARTITION =
            "1,0.000011,udp,-,INT,2,0,496,0,90909.0902,254,0,180363632,0,0,0,0.011,0,0,0,0,0,0,0,0,0,0,248,0,0,0,2,2,1,1,1,"
                    + "2,0,0,0,1,2,0,";

    @TempDir
    Path folder;

    private Path file(String... lines) throws IOException {
        Path file = folder.resolve("table.csv");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return file;
    }

    @Test
    void nslKddIsReadWithAndWithoutDifficulty() throws IOException {
        List<FlowRow> rows = new NslKddTable().read(file(KDD + "normal,20", KDD + "neptune"));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).attack()).isFalse();
        assertThat(rows.get(0).kind()).isEqualTo(FlowRow.BENIGN);
        assertThat(rows.get(1).kind()).isEqualTo("neptune");
        assertThat(rows.get(0).categorical()).containsExactly("tcp", "ftp_data", "sf");
        List<String> fields = FlowProfile.NSL_KDD.numericFields();
        assertThat(rows.get(0).numeric()[fields.indexOf("src_bytes")]).isEqualTo(491);
        assertThat(rows.get(0).numeric()[fields.indexOf("dst_host_srv_rerror_rate")])
                .isZero();
        assertThat(rows.get(0).numeric()[fields.indexOf("dst_host_count")]).isEqualTo(150);
    }

    @Test
    void aBrokenLineIsNamedByFileAndNumber() throws IOException {
        Path broken = file(KDD + "normal,20", "", KDD.replaceFirst("491", "many") + "normal,20");

        assertThatThrownBy(() -> new NslKddTable().read(broken))
                .isInstanceOf(FlowTableException.class)
                .hasMessage("table.csv line 3: src_bytes is no number: \"many\"");
        assertThatThrownBy(() -> new NslKddTable().read(file("1,2,3")))
                .hasMessageStartingWith("table.csv line 1: 3 cells");
    }

    @Test
    void theUnswStreamIsReadWithAndWithoutHeader() throws IOException {
        List<FlowRow> with =
                new UnswTable().read(file("\uFEFF" + STREAM_HEADER, STREAM + " Fuzzers ,1", STREAM + ",0"));
        List<FlowRow> without = new UnswTable().read(file(STREAM + " Fuzzers ,1", STREAM + ",0"));

        assertThat(with).hasSize(2);
        assertThat(with.get(0).kind()).isEqualTo("fuzzers");
        assertThat(with.get(0).context().key()).isEqualTo("192.0.2.1");
        assertThat(with.get(0).context().endMillis()).isEqualTo(1421927414000.0);
        assertThat(with.get(0).categorical()).containsExactly("udp", "dns", "CON", "53");
        assertThat(with.get(1).attack()).isFalse();
        for (int i = 0; i < 2; i++) {
            assertThat(without.get(i).numeric()).isEqualTo(with.get(i).numeric());
            assertThat(without.get(i).context()).isEqualTo(with.get(i).context());
        }
    }

    @Test
    void theUnswPartitionHasTheSameFieldsButNoContext() throws IOException {
        FlowRow row = new UnswTable()
                .read(file("\uFEFF" + PARTITION_HEADER, PARTITION + "Normal,0"))
                .get(0);

        assertThat(row.context()).isNull();
        List<String> fields = FlowProfile.UNSW.numericFields();
        assertThat(row.numeric()[fields.indexOf("sbytes")]).isEqualTo(496);
        assertThat(row.numeric()[fields.indexOf("smean")]).isEqualTo(248);
        assertThat(row.numeric()[fields.indexOf("ct_dst_src_ltm")]).isEqualTo(2);
        assertThat(row.categorical()).containsExactly("udp", "-", "INT", "");
    }

    @Test
    void aMissingColumnAndABadLabelAreNamed() throws IOException {
        assertThatThrownBy(() -> new UnswTable().read(file(PARTITION_HEADER.replace(",sttl", ",ttl"), PARTITION)))
                .hasMessage("table.csv line 1: no column sttl");
        assertThatThrownBy(() -> new UnswTable().read(file(STREAM + ",2")))
                .hasMessage("table.csv line 1: label is neither 0 nor 1: \"2\"");
    }

    @Test
    void noMutationDoesMoreThanFailClearly() throws IOException {
        Random random = new Random(4);
        byte[][] seeds = {
            (KDD + "normal,20\n" + KDD + "neptune,3").getBytes(StandardCharsets.UTF_8),
            (STREAM_HEADER + "\n" + STREAM + "DoS,1").getBytes(StandardCharsets.UTF_8),
            (PARTITION_HEADER + "\n" + PARTITION + "DoS,1").getBytes(StandardCharsets.UTF_8)
        };
        Path file = folder.resolve("fuzz.csv");
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = seeds[i % 3].clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : ",\n- 0x".charAt(random.nextInt(6)));
            }
            Files.write(file, bytes);
            for (FlowTables table : List.of(new NslKddTable(), new UnswTable())) {
                try {
                    table.read(file);
                } catch (FlowTableException expected) {
                    assertThat(expected).hasMessageStartingWith("fuzz.csv line ");
                }
            }
        }
    }
}
