package io.millrace.models.intrusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AttackKindsTest {

    @ParameterizedTest
    @CsvSource({
        "scan, T1046 T1595",
        "brute-force, T1110",
        "denial-of-service, T1498 T1499",
        "exfiltration, T1048",
        "beaconing, T1071",
        "exploit, T1190",
        "guess_passwd, T1110",
        "portsweep, T1046 T1595",
        "neptune, T1499.001",
        "smurf, T1498.002",
        "httptunnel, T1572",
        "rootkit, T1014",
        "fuzzers, T1595.002",
        "worms, T1210",
        "c&c, T1071"
    })
    void aKindNamesItsTechniquesMostTellingFirst(String kind, String techniques) {
        assertThat(AttackKinds.techniques(kind)).containsExactly(techniques.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anomaly", "generic", "shellcode", "benign", "", "never heard of"})
    void aKindWhoseNameSaysNoTechniqueHasNone(String kind) {
        assertThat(AttackKinds.techniques(kind)).isEmpty();
    }

    @Test
    void dataSetsMaySpellKindsInCapitals() {
        assertThat(AttackKinds.techniques("Reconnaissance")).containsExactly("T1046", "T1595");
        assertThat(AttackKinds.techniques("DoS")).containsExactly("T1498", "T1499");
    }

    @Test
    void everyKindOfTheShippedModelNamesATechnique() throws Exception {
        assertThat(IntrusionModel.KIND.shipped().kinds())
                .isNotEmpty()
                .allSatisfy(kind ->
                        assertThat(AttackKinds.techniques(kind)).as(kind).isNotEmpty());
    }
}
