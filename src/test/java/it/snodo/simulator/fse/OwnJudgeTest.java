package it.snodo.simulator.fse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import it.snodo.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules for want of official ones: never stricter than those. */
class OwnJudgeTest {

    @Test
    void what_the_official_rules_accept_the_own_rules_accept() throws Exception {
        Path examples = Shared.dir("fse/examples").orElse(null);
        assumeTrue(examples != null, "the official examples are not on this machine");
        OwnJudge own = new OwnJudge();
        OfficialJudge official = OfficialJudge.load(examples.getParent());
        int refusedByBoth = 0;
        for (Path file : documents(examples)) {
            CdaText cda = new CdaText(Files.readString(file)
                    // the older examples carry a patient id root that today's rules refuse
                    .replace("2.16.840.1.113883.2.9.2.4.3.2", "2.16.840.1.113883.2.9.4.3.2")
                    .getBytes("UTF-8"));
            CdaJudge.Verdict strict = official.judge(cda);
            CdaJudge.Verdict ours = own.judge(cda);
            if (strict.kind() == CdaJudge.Kind.OK) {
                assertThat(ours).as(file.getFileName().toString()).isEqualTo(strict);
            } else if (ours.kind() != CdaJudge.Kind.OK) {
                refusedByBoth++;
            }
        }
        assertThat(refusedByBoth).isGreaterThan(20);
    }

    private static List<Path> documents(Path examples) throws Exception {
        try (Stream<Path> files = Files.walk(examples)) {
            return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
        }
    }
}
