package it.snodo.signature.csc;

import java.util.Arrays;

/** Blackens secrets in what a provider answers, before anything reads it: some repeat what they were sent. */
final class Redaction {

    private Redaction() {}

    /** Writes asterisks over each occurrence, in place. */
    static void of(byte[] answer, char[]... secrets) {
        for (char[] secret : secrets) {
            if (secret != null && secret.length > 0) {
                blacken(answer, secret);
            }
        }
    }

    private static void blacken(byte[] answer, char[] secret) {
        for (int at = 0; at + secret.length <= answer.length; at++) {
            int same = 0;
            while (same < secret.length && (answer[at + same] & 0xFF) == secret[same]) {
                same++;
            }
            if (same == secret.length) {
                Arrays.fill(answer, at, at + same, (byte) '*');
            }
        }
    }
}
