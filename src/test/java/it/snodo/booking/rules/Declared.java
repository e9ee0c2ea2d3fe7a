package it.snodo.booking.rules;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import java.util.List;
import java.util.stream.Collectors;

/** Whether rulings are only of codes that some rule declares: the page of rules shows those and no others. */
final class Declared {

    private Declared() {}

    static void check(RuleBook book, List<Ruling> said) {
        var codes = book.rules().stream().flatMap(rule -> rule.codes().stream()).collect(Collectors.toSet());
        for (Ruling each : said) {
            boolean confirmed =
                    each.decision() == Decision.WARN && each.message().startsWith("Confermato da chi prenota: ");
            assertThat(codes)
                    .as("declares what was ruled: %s", each)
                    .contains(new BookingRule.Code(
                            each.code(),
                            confirmed ? Decision.CONFIRM : each.decision(),
                            each.condition(),
                            each.title()));
            assertThat(each.message())
                    .as("message of %s", each.code())
                    .isNotBlank()
                    .doesNotContain("null");
        }
    }
}
