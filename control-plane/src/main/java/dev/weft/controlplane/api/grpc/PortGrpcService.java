package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.AddPortsRequest;
import dev.weft.api.v1.PortServiceGrpc;
import dev.weft.api.v1.RemovePortsRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.controlplane.service.Call;
import dev.weft.controlplane.service.PortOperations;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Published ports over gRPC. */
public final class PortGrpcService extends PortServiceGrpc.PortServiceImplBase {

    private final PortOperations ports;

    public PortGrpcService(PortOperations ports) {
        this.ports = ports;
    }

    @Override
    public void addPorts(AddPortsRequest request, StreamObserver<Sandbox> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    PortServiceGrpc.getAddPortsMethod(), request, request.getRequestId(), request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            return Messages.sandbox(
                    ports.add(call, request.getSandbox(), Messages.portRequests(request.getPortsList()), wait));
        });
    }

    @Override
    public void removePorts(RemovePortsRequest request, StreamObserver<Sandbox> replies) {
        Replies.answer(replies, () -> {
            Call call = Calls.of(
                    PortServiceGrpc.getRemovePortsMethod(), request, request.getRequestId(), request.getValidateOnly());
            Duration wait = Calls.wait(request.hasWait(), request.getWait());
            return Messages.sandbox(
                    ports.remove(call, request.getSandbox(), Messages.portRequests(request.getPortsList()), wait));
        });
    }
}
