package it.snodo.access;

import it.snodo.fault.Fault;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Every failure of a REST call as a problem that has a code and an Italian sentence. */
@RestControllerAdvice
// Before Spring's own problem details, that know neither our codes nor Italian.
@Order(-100)
class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    /** PostgreSQL: character_not_in_repertoire, untranslatable_character. */
    private static final Set<String> NUL_STATES = Set.of("22021", "22P05");

    private final InterfaceFailures calls;

    ProblemAdvice(InterfaceFailures calls) {
        this.calls = calls;
    }

    @ExceptionHandler
    ResponseEntity<byte[]> known(SnodoException e) {
        return answer(Problem.of(e.code(), e.getMessage()), null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> invalid(ConstraintViolationException e) {
        List<Fault> faults = e.getConstraintViolations().stream()
                .map(violation -> {
                    String path = violation.getPropertyPath().toString();
                    return Fault.at(SnodoCode.REQUEST_INVALID, path, "«" + path + "»: " + violation.getMessage() + ".");
                })
                .toList();
        return answer(
                faults.isEmpty()
                        ? Problem.of(SnodoCode.REQUEST_INVALID, SnodoCode.REQUEST_INVALID.cause())
                        : Problem.of(faults),
                null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> invalid(MethodArgumentNotValidException e) {
        List<Fault> faults = e.getFieldErrors().stream()
                .map(error -> new Fault(
                        SnodoCode.REQUEST_INVALID,
                        error.getField(),
                        "/" + error.getField().replaceAll("\\[(\\d+)]", "/$1").replace('.', '/'),
                        "«" + error.getField() + "»: " + error.getDefaultMessage() + "."))
                .toList();
        return answer(
                faults.isEmpty()
                        ? Problem.of(SnodoCode.REQUEST_INVALID, SnodoCode.REQUEST_INVALID.cause())
                        : Problem.of(faults),
                null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> mistyped(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        String allowed = " Serve " + UnusableBody.wanted(type) + ".";
        if (type != null && java.time.temporal.Temporal.class.isAssignableFrom(type)) {
            allowed += " In un indirizzo il segno + si scrive %2B.";
        } else if (type != null && type.isEnum()) {
            allowed = " I valori ammessi sono "
                    + String.join(
                            ", ",
                            java.util.Arrays.stream(type.getEnumConstants())
                                    .map(Object::toString)
                                    .toList()) + ".";
        }
        return answer(
                Problem.of(
                        SnodoCode.REQUEST_INVALID,
                        "Il parametro " + e.getName() + " vale «" + e.getValue() + "», che non è ammesso." + allowed),
                null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unusable(HttpMessageConversionException e) {
        return answer(UnusableBody.problem(e), null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> denied(AccessDeniedException e) {
        return answer(Problem.of(SnodoCode.NOT_ALLOWED, SnodoCode.NOT_ALLOWED.cause()), null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unknown(AuthenticationException e) {
        return answer(Problem.of(SnodoCode.NOT_AUTHENTICATED, SnodoCode.NOT_AUTHENTICATED.cause()), null);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<byte[]> store(Exception e) {
        if (hasNul(e)) {
            return answer(
                    Problem.of(
                            SnodoCode.REQUEST_INVALID,
                            "Un testo della richiesta contiene il carattere NUL (codice 0), che non è ammesso."),
                    null);
        }
        String id = log(e);
        return answer(
                Problem.of(
                        SnodoCode.STORE_UNAVAILABLE,
                        "L'archivio non risponde: riprovare più tardi. Codice di correlazione: " + id + "."),
                null);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> other(Exception e, HttpServletRequest request) {
        if (e instanceof ErrorResponse response) {
            return spring(e, response, request);
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            // who asked is gone: nobody to answer, and no fault of the hub
            LOG.debug("The caller hung up before the whole answer was written", e);
            return null;
        }
        String id = log(e);
        return answer(
                Problem.of(
                        SnodoCode.INTERNAL,
                        "Un errore inatteso ha interrotto la richiesta. Codice di correlazione: " + id + "."),
                null);
    }

    /** What Spring itself refuses before a controller is reached. */
    private ResponseEntity<byte[]> spring(Exception e, ErrorResponse response, HttpServletRequest request) {
        HttpStatusCode status = response.getStatusCode();
        if ((status.value() == 404 || status.value() == 405) && calls.disturbed(request)) {
            HttpHeaders again = new HttpHeaders();
            again.set(HttpHeaders.RETRY_AFTER, "1");
            return answer(Problem.of(SnodoCode.STARTING, SnodoCode.STARTING.cause()), again);
        }
        SnodoCode code =
                switch (status.value()) {
                    case 401 -> SnodoCode.NOT_AUTHENTICATED;
                    case 403 -> SnodoCode.NOT_ALLOWED;
                    case 404 -> SnodoCode.NOT_FOUND;
                    case 405 -> SnodoCode.METHOD_NOT_ALLOWED;
                    case 406 -> SnodoCode.NOT_ACCEPTABLE;
                    case 413 -> SnodoCode.FRAME_TOO_LARGE;
                    case 415 -> SnodoCode.MEDIA_TYPE_UNSUPPORTED;
                    default -> status.is4xxClientError() ? SnodoCode.REQUEST_INVALID : SnodoCode.INTERNAL;
                };
        String detail = code.cause();
        if (e instanceof HttpRequestMethodNotSupportedException method) {
            detail = "Il metodo " + method.getMethod() + " non è previsto per " + request.getRequestURI() + ".";
        } else if (e instanceof HttpMediaTypeNotSupportedException media) {
            detail = "Il Content-Type «" + media.getContentType() + "» non è accettato da " + request.getRequestURI()
                    + ": usare " + list(media.getSupportedMediaTypes()) + ".";
        } else if (e instanceof HttpMediaTypeNotAcceptableException media) {
            detail = "La risposta è disponibile solo come " + list(media.getSupportedMediaTypes()) + ".";
        } else if (e instanceof MissingServletRequestParameterException missing) {
            detail = "Manca il parametro " + missing.getParameterName() + ".";
        } else if (status.value() == 404) {
            detail = "L'indirizzo " + request.getRequestURI() + " non esiste.";
        }
        return answer(Problem.of(code, detail), response.getHeaders());
    }

    private static String list(List<MediaType> types) {
        return types.isEmpty()
                ? "un altro formato"
                : String.join(", ", types.stream().map(MediaType::toString).toList());
    }

    /** The store takes every character but this one; it says so in its own way for text and for JSON. */
    private static boolean hasNul(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && NUL_STATES.contains(String.valueOf(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    private static String log(Exception e) {
        String id = UUID.randomUUID().toString();
        LOG.error("A call failed, correlation {}", id, e);
        return id;
    }

    private static ResponseEntity<byte[]> answer(Problem problem, HttpHeaders headers) {
        var builder = ResponseEntity.status(problem.status());
        if (headers != null) {
            builder.headers(headers);
        }
        return builder.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem.toJson());
    }
}
