// One import serves: whoever imports the client also has its models.
@_exported public import PlystraModels
