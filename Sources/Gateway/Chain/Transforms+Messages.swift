import Timeline

extension RequestTransform {
    /// Makes all changes of a request.
    /// - Throws: a ``TransformError`` if one cannot be made; the request is then as it was.
    public func apply(to request: inout Request, with arguments: PathArguments?) throws(TransformError) {
        var parts = RequestParts(
            path: request.path.text, query: request.query, headers: request.headers, fields: request.body.fields ?? [])
        try apply(to: &parts, with: arguments)
        if parts.path != request.path.text {
            do {
                request.target.path = try RequestPath(parts.path)
            } catch {
                throw .path(error)
            }
        }
        request.target.query = parts.query
        request.headers = parts.headers
        if request.body.fields != nil { request.body = Body(parts.fields) }
    }
}

extension ResponseTransform {
    /// Makes all changes of a response; of its body nothing is known but its size.
    /// - Throws: a ``TransformError`` if one cannot be made; the response is then as it was.
    public func apply(to response: inout Response) throws(TransformError) {
        var parts = ResponseParts(status: response.status.code, headers: response.headers)
        try apply(to: &parts)
        response.status = Status(parts.status)
        response.headers = parts.headers
    }
}
