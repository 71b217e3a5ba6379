package dev.weft.controlplane.authorization;

import dev.weft.trust.Identity;

/** Who calls, as the connection proves it. */
public sealed interface Caller {

    /** For logs. */
    String text();

    /** Came by the control plane's own unix socket, which only the user that runs it may open. */
    record Local() implements Caller {
        @Override
        public String text() {
            return "local";
        }
    }

    /** Came by TCP to a control plane that runs with {@code --insecure}: everybody who reaches it. */
    record Unchecked() implements Caller {
        @Override
        public String text() {
            return "unchecked";
        }
    }

    /** Came by TLS without a certificate. */
    record Stranger() implements Caller {
        @Override
        public String text() {
            return "stranger";
        }
    }

    /** Has a certificate that counts. */
    record Certified(Identity identity) implements Caller {
        @Override
        public String text() {
            return identity.subject();
        }
    }

    /**
     * Has a certificate that does not count.
     *
     * @param subject whose it is
     * @param why and what to do
     */
    record Rejected(String subject, Ground ground, String why) implements Caller {

        /** What is wrong with it, for programs. */
        public enum Ground {
            /** It is not valid at this time, or was revoked, or cannot be read. */
            DOES_NOT_COUNT,
            /** Its node was removed from the cluster. */
            NODE_REMOVED
        }

        @Override
        public String text() {
            return subject + " (rejected)";
        }
    }
}
