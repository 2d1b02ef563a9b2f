# Calls a Python function for a py> task of wf: python runner.py METHOD INPUT.json OUTPUT.json
import collections
import importlib
import inspect
import json
import os
import sys
import traceback
import types

command, input_path, output_path = sys.argv[1:4]

with open(input_path, "rb") as f:
    params = json.loads(f.read().decode("utf-8"))["params"]

subtask_config = collections.OrderedDict()
export_params = {}
store_params = {}
state_params = {}

raw = types.ModuleType("digdag_env")
raw.params = params
raw.subtask_config = subtask_config
raw.export_params = export_params
raw.store_params = store_params
raw.state_params = state_params
sys.modules["digdag_env"] = raw


class Env(object):
    def __init__(self):
        self.params = params
        self.subtask_config = subtask_config
        self.export_params = export_params
        self.store_params = store_params
        self.state_params = state_params
        self._subtasks = 0

    def set_state(self, values={}, **more):
        self.state_params.update(values)
        self.state_params.update(more)

    def export(self, values={}, **more):
        self.export_params.update(values)
        self.export_params.update(more)

    def store(self, values={}, **more):
        self.store_params.update(values)
        self.store_params.update(more)

    def add_subtask(self, function=None, **more):
        if function is None or isinstance(function, dict):
            config = dict(function or {})
            config.update(more)
        else:
            name = getattr(function, "__qualname__", function.__name__)
            config = dict(more)
            config["py>"] = "%s.%s" % (function.__module__, name)
        try:
            json.dumps(config)
        except Exception as error:
            raise TypeError("Parameters must be serializable using JSON: %s" % error)
        self.subtask_config["+subtask%d" % self._subtasks] = config
        self._subtasks += 1


digdag = types.ModuleType("digdag")
digdag.env = Env()
sys.modules["digdag"] = digdag


def arguments_of(function, name):
    """The arguments of a call: parameters of the task by name."""
    positional, named = [], {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            if parameter.name in params:
                positional.append(params[parameter.name])
            elif parameter.default is parameter.empty:
                raise TypeError("Method '%s' requires parameter '%s' but not set" % (name, parameter.name))
            else:
                positional.append(parameter.default)
        elif parameter.kind == parameter.KEYWORD_ONLY:
            if parameter.name in params:
                named[parameter.name] = params[parameter.name]
            elif parameter.default is parameter.empty:
                raise TypeError("Method '%s' requires parameter '%s' but not set" % (name, parameter.name))
        elif parameter.kind == parameter.VAR_KEYWORD:
            taken = [p.name for p in inspect.signature(function).parameters.values()][: len(positional)]
            named.update((k, v) for k, v in params.items() if k not in taken)
    return positional, named


def attribute(owner, name, described):
    if not hasattr(owner, name):
        raise AttributeError("Module '%s' has no attribute '%s'" % (described, name))
    return getattr(owner, name)


def instantiate(cls):
    if cls.__init__ is object.__init__:
        return cls()
    positional, named = arguments_of(cls, cls.__name__ + ".__init__")
    return cls(*positional, **named)


def resolve():
    """The function that the command names, and its name for messages."""
    parts = command.split(".")
    module_name, last = ".".join(parts[:-1]), parts[-1]
    try:
        module = importlib.import_module(module_name)
        cls = None
    except ImportError as error:
        if len(parts) < 3:
            raise
        outer = ".".join(parts[:-2])
        try:
            module = importlib.import_module(outer)
        except ImportError:
            raise error
        cls = attribute(module, parts[-2], outer)
    if cls is not None:
        return getattr(instantiate(cls), last), "%s.%s" % (cls.__name__, last)
    found = attribute(module, last, module_name)
    if inspect.isclass(found):
        return getattr(instantiate(found), "run"), "%s.run" % found.__name__
    return found, last


def write(result):
    with open(output_path, "w") as f:
        json.dump(result, f)


def fail(name, message, lines):
    write({"error": {"class": name, "message": message, "backtrace": lines}})


sys.path.append(os.getcwd())
try:
    function, function_name = resolve()
    positional, named = arguments_of(function, function_name)
    function(*positional, **named)
except SystemExit as error:
    fail(
        "SystemExit",
        "Failed to call python command with code:%s Possible cause: Invalid python module call, duplicate module name with standard library" % error.code,
        traceback.format_exc().splitlines(),
    )
    traceback.print_exc()
    sys.exit(1)
except Exception as error:
    fail(type(error).__name__, str(error), traceback.format_exc().splitlines())
    raise

write({
    "subtask_config": subtask_config,
    "export_params": export_params,
    "store_params": store_params,
})
