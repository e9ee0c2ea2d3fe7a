package it.snodo.booking.rules;

import it.snodo.booking.Ruling;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a password of an operator must be (R81, D.Lgs. 196/2003), for accounts that the hub holds itself. It holds none today:
 * in production operators come with the token of an OIDC issuer, whose policy counts; those of {@code demo} are exempt.
 *
 * @param characters letters and digits at least
 * @param months after so many months it is changed, on the same day at the latest
 */
public record PasswordPolicy(int characters, int months) {

    private static final int NAME_LENGTH = 3;

    private static final List<DateTimeFormatter> DATES = Stream.of("ddMMuuuu", "uuuuMMdd", "ddMMuu", "uuMMdd")
            .map(DateTimeFormatter::ofPattern)
            .toList();

    /**
     * @param owner whose it is
     * @param changed day on which it was chosen; null for one that is being chosen now
     * @param disabled the help desk has disabled the account, because the password was forgotten
     * @return what is wrong, all of it; empty when it may be used. No message repeats the password
     */
    public List<Ruling> judge(String password, Owner owner, LocalDate changed, boolean disabled, LocalDate today) {
        Rulings rulings = new Rulings();
        String plain = plain(password);
        if (plain.length() < characters || password.chars().noneMatch(Character::isDigit) || isDigits(plain)) {
            rulings.add(
                    R81OperatorPassword.WEAK,
                    "password",
                    "La password ha almeno " + characters + " caratteri, lettere e cifre.");
        }
        if (isAbout(owner, plain, password)) {
            rulings.add(
                    R81OperatorPassword.PERSONAL,
                    "password",
                    "La password non contiene nomi, iniziali o date di nascita della persona o dei figli.");
        }
        if (changed != null && today.isAfter(changed.plusMonths(months))) {
            rulings.add(
                    R81OperatorPassword.OLD,
                    "password",
                    "La password andava cambiata entro il " + Say.day(changed.plusMonths(months)) + ": cambiarla.",
                    changed.plusMonths(months).toString());
        }
        if (disabled) {
            rulings.add(
                    R81OperatorPassword.DISABLED,
                    "password",
                    "L'utenza è disattivata: l'help desk ne rilascia una nuova password.");
        }
        return rulings.all();
    }

    private static boolean isAbout(Owner owner, String plain, String password) {
        Stream<String> names = Stream.concat(Stream.of(owner.family(), owner.given()), owner.children().stream());
        return names.map(PasswordPolicy::plain).anyMatch(name -> name.length() >= NAME_LENGTH && plain.contains(name))
                || owner.birthDate() != null
                        && DATES.stream().anyMatch(form -> plain.contains(form.format(owner.birthDate())))
                || hasInitials(owner, password);
    }

    /** Two letters that stand alone: "MR" in {@code MR123456} and in {@code 2026mr77}, not in {@code MARTEDI7}. */
    private static boolean hasInitials(Owner owner, String password) {
        String given = plain(owner.given());
        String family = plain(owner.family());
        if (given.isEmpty() || family.isEmpty()) {
            return false;
        }
        List<String> initials = new ArrayList<>();
        initials.add("" + given.charAt(0) + family.charAt(0));
        initials.add("" + family.charAt(0) + given.charAt(0));
        return Stream.of(password.toUpperCase(Locale.ROOT).split("[^A-Z]+")).anyMatch(initials::contains);
    }

    private static boolean isDigits(String plain) {
        return plain.chars().allMatch(Character::isDigit);
    }

    private static String plain(String text) {
        return text == null
                ? ""
                : Normalizer.normalize(text, Normalizer.Form.NFD)
                        .toUpperCase(Locale.ROOT)
                        .replaceAll("[^A-Z0-9]", "");
    }

    /** @param children names of the children, when they are known */
    public record Owner(String family, String given, LocalDate birthDate, List<String> children) {

        public Owner {
            children = children == null ? List.of() : List.copyOf(children);
        }
    }
}
