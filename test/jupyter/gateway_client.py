"""Works with a sandbox's kernel through jupyter_server's gateway client, and prints what it saw as JSON.

The address and the token come in the environment variables that jupyter_server reads (``JUPYTER_GATEWAY_URL`` and so
on). Nothing of jupyter_server is replaced or subclassed.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_server.gateway.managers import (
    GatewayKernelClient,
    GatewayKernelManager,
    GatewayKernelSpecManager,
    GatewayMappingKernelManager,
)

PATIENCE = 30.0

Message = dict[str, Any]


async def run(
    client: GatewayKernelClient, code: str, answer: str | None = None
) -> dict[str, Any]:
    """Run a cell to its end and collect what it brought, the way a notebook does."""
    message_id = client.execute(code, allow_stdin=answer is not None)
    prompt = None
    if answer is not None:
        request = await client.get_stdin_msg(timeout=PATIENCE)
        prompt = request["content"]["prompt"]
        client.input(answer)
    outputs = await until_idle(client, message_id)
    reply = await client.get_shell_msg(timeout=PATIENCE)
    assert reply["parent_header"]["msg_id"] == message_id
    return {
        "status": reply["content"]["status"],
        "prompt": prompt,
        "outputs": [[message["msg_type"], message["content"]] for message in outputs],
    }


async def until_idle(client: GatewayKernelClient, message_id: str) -> list[Message]:
    """Read the output of one request until the kernel says that it is idle again."""
    outputs: list[Message] = []
    while True:
        message = await client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        if message["msg_type"] != "status":
            outputs.append(message)
        elif message["content"]["execution_state"] == "idle":
            return outputs


async def interrupted(
    manager: GatewayKernelManager, client: GatewayKernelClient
) -> dict[str, Any]:
    """Interrupt an endless cell once it runs."""
    message_id = client.execute(
        "import time\nprint('going')\nwhile True: time.sleep(0.01)"
    )
    while (await client.get_iopub_msg(timeout=PATIENCE))["msg_type"] != "stream":
        pass
    await manager.interrupt_kernel()
    outputs = await until_idle(client, message_id)
    reply = await client.get_shell_msg(timeout=PATIENCE)
    return {
        "status": reply["content"]["status"],
        "errors": [
            message["content"]["ename"]
            for message in outputs
            if message["msg_type"] == "error"
        ],
    }


async def connect(manager: GatewayKernelManager) -> GatewayKernelClient:
    """Open a client's channels and wait until the kernel has said what it is."""
    client = manager.client()
    await client.start_channels()
    client.kernel_info()
    reply = await client.get_shell_msg(timeout=PATIENCE)
    assert reply["msg_type"] == "kernel_info_reply", reply
    assert reply["content"]["language_info"]["name"] == "python", reply
    return client


async def one_kernel() -> dict[str, Any]:
    """Live a kernel's life from start to shutdown."""
    seen: dict[str, Any] = {}
    manager = GatewayKernelManager()
    await manager.start_kernel(kernel_name="python3", env={"KERNEL_COLOUR": "green"})
    seen["kernelId"] = manager.kernel_id
    client = await connect(manager)
    try:
        seen["output"] = await run(
            client,
            "import os, sys\nx = 41\nprint('out')\nprint('err', file=sys.stderr)\nx + 1",
        )
        seen["error"] = await run(client, "1 / 0")
        seen["input"] = await run(client, "input('Your name: ')", answer="Ada")
        seen["env"] = await run(client, "os.environ['KERNEL_COLOUR']")
        seen["interrupt"] = await interrupted(manager, client)
        seen["kept"] = await run(client, "x")
        model = await manager.refresh_model()
        seen["model"] = model
        seen["alive"] = await manager.is_alive()
        await manager.restart_kernel()
        seen["afterRestart"] = await run(client, "x")
    finally:
        client.stop_channels()
    another = GatewayKernelManager()
    await another.start_kernel(kernel_id=manager.kernel_id)
    client = await connect(another)
    try:
        seen["reconnected"] = await run(client, "6 * 7")
    finally:
        client.stop_channels()
    await manager.shutdown_kernel()
    seen["afterShutdown"] = await manager.refresh_model()
    return seen


async def as_a_server_does() -> dict[str, Any]:
    """Use the managers that a Jupyter server with ``--gateway-url`` uses for its own clients."""
    specs = GatewayKernelSpecManager()
    # It rewrites addresses for the server that it is part of; here there is none.
    specs._replace_path_kernelspec_resources = lambda given: given
    listed = await specs.list_kernel_specs()
    resources = listed["kernelspecs"]["python3"]["resources"]
    logos = [
        await specs.get_kernel_spec_resource("python3", path.rsplit("/", 1)[1])
        for path in resources.values()
    ]
    try:
        await specs.get_kernel_spec("no-such-kernel")
        missing = "found"
    except KeyError:
        missing = "KeyError"
    kernels = GatewayMappingKernelManager()
    kernel_id = await kernels.start_kernel(kernel_name="python3")
    others = [model["id"] for model in await kernels.list_kernels()]
    await kernels.shutdown_kernel(kernel_id)
    return {
        "specs": listed,
        "logos": [None if logo is None else logo[:4].hex() for logo in logos],
        "noLogo": await specs.get_kernel_spec_resource("python3", "kernel.js"),
        "missingSpec": missing,
        "kernelId": kernel_id,
        "listed": others,
        "afterShutdown": list(await kernels.list_kernels()),
    }


async def main() -> None:
    """Print everything as one line."""
    print(
        json.dumps({"kernel": await one_kernel(), "server": await as_a_server_does()})
    )


if __name__ == "__main__":
    asyncio.run(main())
