package it.snodo.access;

import jakarta.servlet.http.HttpServletRequest;

/** Which calls are of the interfaces that systems speak, REST and FHIR. */
final class Calls {

    private Calls() {}

    static boolean isFhir(HttpServletRequest request) {
        return path(request).startsWith("/fhir");
    }

    static boolean isInterface(HttpServletRequest request) {
        return isFhir(request)
                || path(request).startsWith("/api/")
                || path(request).startsWith("/fse-callback/");
    }

    /** What a doctor orders about a certificate may bring his PIN and an OTP along. */
    static boolean mayCarrySecrets(HttpServletRequest request) {
        return path(request).startsWith("/api/v1/certificates/");
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
