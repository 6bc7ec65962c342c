/** An error of a service, by the name the SDK gives it. */
export class ServiceError extends Error {
    readonly status: number;

    constructor(name: string, message = name, status = 400) {
        super(message);
        this.name = name;
        this.status = status;
    }
}

export type Action = (input: never) => object | Promise<object>;
