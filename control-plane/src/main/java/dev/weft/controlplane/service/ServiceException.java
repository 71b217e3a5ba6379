package dev.weft.controlplane.service;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A use case was refused, or could not be carried out. The message is for people, the {@link Reason} for programs. */
public final class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Map<String, String> metadata;
    private final transient List<FieldViolation> violations;

    private ServiceException(
            Reason reason, String message, Map<String, String> metadata, List<FieldViolation> violations) {
        super(message);
        this.reason = reason;
        this.metadata = Map.copyOf(metadata);
        this.violations = List.copyOf(violations);
    }

    public ServiceException(Reason reason, String message) {
        this(reason, message, Map.of(), List.of());
    }

    public ServiceException(Reason reason, String message, Throwable cause) {
        this(reason, message);
        initCause(cause);
    }

    /** Fields are to blame: all that is wrong at once. The message joins the descriptions. */
    public static ServiceException violated(Reason reason, List<FieldViolation> violations) {
        String message = violations.stream().map(FieldViolation::description).collect(Collectors.joining("\n"));
        return new ServiceException(reason, message, Map.of(), violations);
    }

    /** One field is to blame. */
    public static ServiceException violated(Reason reason, String field, String description) {
        return violated(reason, List.of(new FieldViolation(field, reason.name(), description)));
    }

    /** One field is wrong by itself. */
    public static ServiceException invalid(String field, String description) {
        return violated(Reason.INVALID_REQUEST, List.of(new FieldViolation(field, "MALFORMED", description)));
    }

    /** The same with one more fact for programs, such as who holds an address. */
    public ServiceException with(String key, String value) {
        Map<String, String> more = new TreeMap<>(metadata);
        more.put(key, value);
        ServiceException result = new ServiceException(reason, getMessage(), more, violations);
        if (getCause() != null) {
            result.initCause(getCause());
        }
        return result;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? reason.name() : message;
    }

    public Reason reason() {
        return reason;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    public List<FieldViolation> violations() {
        return violations;
    }
}
