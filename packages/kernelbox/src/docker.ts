export { docker, type DockerOptions } from "@kernelbox/runtime-docker";
