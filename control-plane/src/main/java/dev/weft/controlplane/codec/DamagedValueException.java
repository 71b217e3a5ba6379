package dev.weft.controlplane.codec;

/** A stored value cannot be read. Nothing is guessed: whoever meets it leaves the key alone and says so. */
public final class DamagedValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String key;

    public DamagedValueException(String key, String reason) {
        super("cannot read the stored value of " + key + ": " + reason);
        this.key = key;
    }

    DamagedValueException(String key, Exception cause) {
        super("cannot read the stored value of " + key + ": " + cause.getMessage(), cause);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
