package it.snodo.booking.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Values as people in the region write them. */
final class Say {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MM/uuuu 'alle' HH:mm");

    private Say() {}

    static String day(LocalDate day) {
        return DAY.format(day);
    }

    static String time(ZonedDateTime time) {
        return TIME.format(time);
    }

    /** {@code 36,15 euro}. */
    static String euro(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP).toPlainString().replace('.', ',') + " euro";
    }
}
