package dev.weft.node.dns;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.names.Answer;
import dev.weft.node.names.NameDirectory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What is answered out of the directory, without asking anybody: all that concerns a name or an address of an endpoint of
 * the sandbox's networks. A name that is known has no data of types but A and AAAA, and nobody else is asked for it:
 * Docker does so for MX; asking upstream for the others would only tell strangers of it.
 */
final class LocalAnswers {

    private final NameDirectory directory;
    private final RandomGenerator random;

    LocalAnswers(NameDirectory directory, RandomGenerator random) {
        this.directory = directory;
        this.random = random;
    }

    /** The records of an answer; empty if the question is for others. */
    Optional<List<Reply.Answer>> to(Query query, Resolver sandbox) {
        if (query.dnsClass() != Query.CLASS_IN) {
            return Optional.empty();
        }
        return switch (query.type()) {
            case Reply.TYPE_PTR -> pointer(query, sandbox);
            case Reply.TYPE_A -> addresses(query, sandbox, List.of(IpFamily.IPV4));
            case Reply.TYPE_AAAA -> addresses(query, sandbox, List.of(IpFamily.IPV6));
            case Reply.TYPE_ANY -> addresses(query, sandbox, List.of(IpFamily.values()));
            default -> addresses(query, sandbox, List.of());
        };
    }

    private Optional<List<Reply.Answer>> addresses(Query query, Resolver sandbox, List<IpFamily> families) {
        List<Reply.Answer> answers = new ArrayList<>();
        // Whether the name is known does not depend on the family.
        if (directory.lookup(sandbox.networks(), query.name(), IpFamily.IPV4) instanceof Answer.Unknown) {
            return Optional.empty();
        }
        for (IpFamily family : families) {
            if (directory.lookup(sandbox.networks(), query.name(), family) instanceof Answer.Known(var found)) {
                // So that those who take the first of several endpoints with one alias do not all take the same.
                List<IpAddress> shuffled = new ArrayList<>(found);
                Collections.shuffle(shuffled, java.util.Random.from(random));
                shuffled.forEach(address -> answers.add(record(address)));
            }
        }
        return Optional.of(answers);
    }

    private static Reply.Answer record(IpAddress address) {
        return new Reply.Answer(address.family() == IpFamily.IPV4 ? Reply.TYPE_A : Reply.TYPE_AAAA, address.toBytes());
    }

    private Optional<List<Reply.Answer>> pointer(Query query, Resolver sandbox) {
        return ReverseName.parse(query.name())
                .flatMap(address -> directory.nameOf(sandbox.networks(), address))
                .flatMap(Reply::name)
                .map(name -> List.of(new Reply.Answer(Reply.TYPE_PTR, name)));
    }
}
