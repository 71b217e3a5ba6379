"""Raw frames. "send LINK HEX..." puts them on the wire; "receive LINK HEX" prints what comes in until one contains HEX."""
import socket
import sys

ALL_PROTOCOLS = 3
OUTGOING = 4

mode, link = sys.argv[1:3]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
wire.bind((link, 0))
if mode == "send":
    for frame in sys.argv[3:]:
        wire.send(bytes.fromhex(frame))
else:
    end = bytes.fromhex(sys.argv[3])
    wire.settimeout(10)
    print("ready", flush=True)
    while True:
        frame, sender = wire.recvfrom(65535)
        if sender[2] != OUTGOING:
            print(frame.hex(), flush=True)
            if end in frame:
                break
