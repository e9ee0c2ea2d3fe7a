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

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
